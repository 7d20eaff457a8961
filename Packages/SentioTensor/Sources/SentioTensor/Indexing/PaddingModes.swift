/// What is put beside a tensor along its axes.
public enum PaddingMode: Sendable, Hashable {
  /// A value.
  case constant(Float)
  /// The elements mirrored at the edge, which itself is not repeated: `c b | a b c | b a`.
  case reflect
  /// The edge again and again: `a a | a b c | c c`.
  case replicate
  /// The other end, as if the axis were a ring: `b c | a b c | a b`.
  case circular

  /// Where in an axis of this extent the element at a place outside of it comes from.
  fileprivate func source(_ place: Int, _ extent: Int) -> Int {
    switch self {
    case .constant, .replicate: min(max(place, 0), extent - 1)
    case .reflect: place < 0 ? -place : 2 * (extent - 1) - place
    case .circular: place < 0 ? place + extent : place - extent
    }
  }

  /// The most that can be put on one side of an axis of this extent.
  fileprivate func limit(_ extent: Int) -> Int {
    switch self {
    case .constant: .max
    case .replicate: extent > 0 ? .max : 0
    case .reflect: max(0, extent - 1)
    case .circular: extent
    }
  }
}

extension Tensor {
  /// The tensor with more of itself around it.
  ///
  /// Axes are padded one after the other, so that a corner is made from both edges. The gradient of an element that
  /// is repeated is the sum over its copies.
  ///
  /// - Parameters:
  ///   - widths: how many to add before and after, for each axis; below the axis's extent where reflected, at most the
  ///     extent where circular.
  ///   - mode: what to add.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the padded tensor.
  ///
  /// *Reference:* `torch.nn.functional.pad`, 2.x, its modes of the same names.
  public func padded(
    _ widths: [(before: Int, after: Int)], mode: PaddingMode, file: StaticString = #fileID,
    line: UInt = #line
  ) -> Tensor {
    if case .constant(let value) = mode {
      return padded(widths, with: value, file: file, line: line)
    }
    require(
      widths.count == rank && widths.allSatisfy { $0.before >= 0 && $0.after >= 0 },
      "padding \(widths) does not fit shape \(shape)", file, line)
    var result = self
    for (axis, width) in widths.enumerated() where width.before + width.after > 0 {
      let extent = shape[axis]
      require(
        Swift.max(width.before, width.after) <= mode.limit(extent),
        "padding by \(width.before) and \(width.after) is more than axis \(axis) of \(shape) has for "
          + "\(mode)", file, line)
      let before = (-width.before..<0).map { mode.source($0, extent) }
      let after = (extent..<extent + width.after).map { mode.source($0, extent) }
      let middle = result
      let parts = [
        before.isEmpty ? nil : middle.gathered(before, axis: axis), middle,
        after.isEmpty ? nil : middle.gathered(after, axis: axis),
      ]
      result = .concatenate(parts.compactMap { $0 }, axis: axis)
    }
    return result
  }
}

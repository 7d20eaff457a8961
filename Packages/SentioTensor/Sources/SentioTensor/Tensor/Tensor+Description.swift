extension Tensor: CustomStringConvertible, CustomReflectable {
  /// The shape and the elements, in nested brackets; of a long axis the first and the last three.
  ///
  /// At most 1,000 elements are shown in full; the text of a larger tensor stays about as short.
  public var description: String {
    let summary = count > 1000 ? 3 : Int.max
    return "Tensor \(shape) " + rows(axis: 0, offset: 0, edge: summary)
  }

  /// Nothing: a tensor's debugger view is its description.
  public var customMirror: Mirror { Mirror(self, children: []) }

  private func rows(axis: Int, offset: Int, edge: Int) -> String {
    guard axis < rank else { return Self.text(storage.pointer[offset]) }
    let extent = shape[axis]
    let stride = shape.dropFirst(axis + 1).reduce(1, *)
    // Beyond the last three axes of a large tensor, one more level would be hundreds of lines.
    let edge = edge < Int.max && rank - axis > 3 ? 1 : edge
    let isShort = extent <= (edge < Int.max / 2 ? 2 * edge : extent)
    let shown = isShort ? Array(0..<extent) : Array(0..<edge) + Array(extent - edge..<extent)
    var parts = shown.map { rows(axis: axis + 1, offset: offset + $0 * stride, edge: edge) }
    if !isShort { parts.insert("…", at: edge) }
    let isInnermost = axis == rank - 1
    let separator = isInnermost ? ", " : ",\n" + String(repeating: " ", count: axis + 1)
    return "[" + parts.joined(separator: separator) + "]"
  }

  private static func text(_ value: Float) -> String {
    value == value.rounded() && abs(value) < 1e7 ? String(Int(value)) : "\(value)"
  }
}

extension Tensor {
  /// A row of this table for each index: vectors that stand for words, notes or classes.
  ///
  /// The gradient of the table adds up the gradients of a row's uses, in their order.
  ///
  /// ```swift
  /// let vectors = table.embedding([3, 0, 3, 1, 2, 2], shape: [2, 3])   // [2, 3, D]
  /// ```
  ///
  /// - Parameters:
  ///   - indices: rows of the table, row-major in `shape`; a row may occur again.
  ///   - indexShape: the shape of the indices; by default one axis.
  ///   - paddingIndex: the row that stands for nothing: it is looked up like the others, and gets no
  ///     gradient, so that it stays as it was made (zeros, usually). None if nil.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the shape of the indices, and behind it D, for this `[V, D]`.
  ///
  /// *Reference:* `torch.nn.functional.embedding`, 2.x.
  public func embedding(
    _ indices: [Int], shape indexShape: Shape? = nil, paddingIndex: Int? = nil,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(rank == 2, "embedding: a table has two axes, and the shape is \(shape)", file, line)
    let indexShape = indexShape ?? [indices.count]
    require(
      indexShape.elementCount == indices.count && indexShape.rank < Shape.maximumRank,
      "embedding: \(indices.count) indices do not have shape \(indexShape)", file, line)
    require(
      paddingIndex.map { (0..<shape[0]).contains($0) } ?? true,
      "embedding: padding index \(paddingIndex ?? 0) is not a row of \(shape)", file, line)
    let result = Shape(Array(indexShape) + [shape[1]])
    let table = self
    let rows = detached().gathered(indices, file: file, line: line).reshaped(result)
    return rows.derived(
      from: self,
      { gradient in
        var sums = gradient.reshaped([indices.count, table.shape[1]] as Shape)
          .scattered(indices, axis: 0, to: table.shape)
        if let paddingIndex {
          let width = table.shape[1]
          sums.withUnsafeMutableBufferPointer {
            $0[paddingIndex * width..<(paddingIndex + 1) * width].update(repeating: 0)
          }
        }
        return sums
      })
  }
}

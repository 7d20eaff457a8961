extension Tensor {
  /// A tensor of zeros.
  ///
  /// - Parameter shape: the extents.
  /// - Returns: the tensor.
  public static func zeros(_ shape: Shape) -> Tensor { Tensor(repeating: 0, shape) }

  /// A tensor of ones.
  ///
  /// - Parameter shape: the extents.
  /// - Returns: the tensor.
  public static func ones(_ shape: Shape) -> Tensor { Tensor(repeating: 1, shape) }

  /// The identity matrix.
  ///
  /// - Parameter n: its order.
  /// - Returns: `[n, n]`, ones on the diagonal and zeros elsewhere.
  public static func identity(_ n: Int) -> Tensor {
    var tensor = zeros([n, n])
    tensor.withUnsafeMutableBufferPointer { buffer in
      for i in 0..<n { buffer[i * n + i] = 1 }
    }
    return tensor
  }

  /// The numbers `start, start + step, …`, each computed as `start + i·step` in `Double`.
  ///
  /// - Parameters:
  ///   - count: how many.
  ///   - start: the first.
  ///   - step: the difference of neighbours.
  /// - Returns: `[count]`.
  public static func ramp(_ count: Int, from start: Double = 0, by step: Double = 1) -> Tensor {
    Tensor(uninitialized: [count]) { buffer in
      for i in 0..<count { buffer[i] = Float(start + Double(i) * step) }
    }
  }

  /// Numbers at equal distances over a closed interval, both ends included.
  ///
  /// - Parameters:
  ///   - range: the interval.
  ///   - count: how many; one gives the lower end.
  /// - Returns: `[count]`.
  public static func linearSpace(_ range: ClosedRange<Double>, count: Int) -> Tensor {
    let step = count > 1 ? (range.upperBound - range.lowerBound) / Double(count - 1) : 0
    var tensor = ramp(count, from: range.lowerBound, by: step)
    if count > 1 {
      tensor.withUnsafeMutableBufferPointer { $0[count - 1] = Float(range.upperBound) }
    }
    return tensor
  }

  /// One row for each index: 1 at the index, 0 elsewhere.
  ///
  /// - Parameters:
  ///   - indices: class numbers in `0..<depth`.
  ///   - depth: the number of classes.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[indices.count, depth]`.
  public static func oneHot(
    _ indices: [Int], depth: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    var tensor = zeros([indices.count, depth])
    tensor.withUnsafeMutableBufferPointer { buffer in
      for (row, index) in indices.enumerated() {
        require(
          (0..<depth).contains(index), "index \(index) is not one of \(depth) classes", file, line)
        buffer[row * depth + index] = 1
      }
    }
    return tensor
  }
}

import CSentioTensorKernels

extension Tensor {
  /// Independent numbers, uniform in `[0, 1)` or another range.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - range: the smallest value, and the value that is never reached (but by rounding, where the
  ///     range is far from 0).
  ///   - stream: the stream to draw from; one word an element.
  /// - Returns: the tensor.
  public static func uniform(
    _ shape: Shape, in range: Range<Float> = 0..<1, from stream: inout RandomStream
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    draw(into: result, count: result.count, &stream, cost: 1) { words, out, range in
      sentio_words_to_uniform(words + range.lowerBound, out + range.lowerBound, range.count)
    }
    if range == 0..<1 { return result }
    return result * (range.upperBound - range.lowerBound) + range.lowerBound
  }

  /// Independent normal numbers.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - mean: the distribution's mean.
  ///   - standardDeviation: the distribution's standard deviation.
  ///   - stream: the stream to draw from; one word an element, and one more for an odd number.
  /// - Returns: the tensor; no element is farther from the mean than 6.7 standard deviations.
  public static func normal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1,
    from stream: inout RandomStream
  ) -> Tensor {
    let count = shape.elementCount
    let pairs = (count + 1) / 2
    // One element more than the shape where its number is odd: pairs are drawn together.
    var result = Tensor(uninitialized: [2 * pairs])
    draw(into: result, count: 2 * pairs, &stream, cost: 4) { words, out, range in
      // A thread's range starts and ends anywhere; pairs belong to the one that has their first.
      let first = (range.lowerBound + 1) / 2
      let last = (range.upperBound + 1) / 2
      sentio_words_to_normal(words + 2 * first, out + 2 * first, last - first)
    }
    if 2 * pairs != count { result = result[0..<count] }
    result = result.reshaped(shape)
    return mean == 0 && standardDeviation == 1 ? result : result * standardDeviation + mean
  }

  /// Independent normal numbers within two standard deviations of the mean; others are drawn again.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - mean: the mean.
  ///   - standardDeviation: the standard deviation before the cut; 0.88 of it remain.
  ///   - stream: the stream to draw from; how many words depends on what they are.
  /// - Returns: the tensor.
  public static func truncatedNormal(
    _ shape: Shape, mean: Float = 0, standardDeviation: Float = 1,
    from stream: inout RandomStream
  ) -> Tensor {
    var result = normal(shape, from: &stream)
    result.withUnsafeMutableBufferPointer { buffer in
      // All that are out are drawn anew together, until none is.
      var pending = buffer.indices.filter { Swift.abs(buffer[$0]) > 2 }
      while !pending.isEmpty {
        let fresh = normal([pending.count], from: &stream).scalars
        for (index, value) in zip(pending, fresh) { buffer[index] = value }
        pending.removeAll { Swift.abs(buffer[$0]) <= 2 }
      }
    }
    return mean == 0 && standardDeviation == 1 ? result : result * standardDeviation + mean
  }

  /// Independent ones with a probability, zeros otherwise.
  ///
  /// - Parameters:
  ///   - shape: the extents.
  ///   - probability: of a one, from 0 to 1.
  ///   - stream: the stream to draw from; one word an element.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: the tensor.
  public static func bernoulli(
    _ shape: Shape, probability: Float, from stream: inout RandomStream,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require((0...1).contains(probability), "a probability cannot be \(probability)", file, line)
    return uniform(shape, from: &stream) .< probability
  }

  /// Draws words into a tensor's memory and turns them into numbers there.
  private static func draw(
    into tensor: Tensor, count: Int, _ stream: inout RandomStream, cost: Int,
    _ convert: (UnsafePointer<UInt32>, UnsafeMutablePointer<Float>, Range<Int>) -> Void
  ) {
    let out = tensor.storage.pointer
    out.withMemoryRebound(to: UInt32.self, capacity: count) { words in
      stream.fill(words, count: count)
      ParallelLoop.run(count, cost: cost) { convert(words, out, $0) }
    }
  }
}

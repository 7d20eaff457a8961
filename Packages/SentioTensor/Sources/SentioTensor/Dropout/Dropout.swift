import CSentioTensorKernels

/// What a dropout keeps or drops as one.
public enum DropoutUnit: Sendable, Hashable {
  /// Each element by itself.
  case element
  /// All elements along these axes; negative ones count from the back.
  ///
  /// On sequences `[N, L, D]`, `.along([1])` drops a feature from the whole sequence: variational dropout.
  ///
  /// *Reference:* Gal and Ghahramani, "A theoretically grounded application of dropout in recurrent
  /// neural networks", 2016.
  case along([Int])
  /// Whole channels of `[N, C, …]`: spatial dropout.
  ///
  /// *Reference:* `torch.nn.functional.dropout2d`, 2.x.
  case channel
}

extension Tensor {
  /// Elements set to 0 with a probability p, and the others multiplied by `1 / (1 − p)`: training only.
  ///
  /// A dropped element is 0 whatever it was, a NaN included. Which ones are is not kept for the way
  /// back but drawn again: the generator is counter-based.
  ///
  /// - Parameters:
  ///   - probability: p, from 0 to 1; 0 gives the tensor itself and draws nothing, 1 gives zeros.
  ///   - unit: what is dropped as one.
  ///   - stream: the stream to draw from; one word a unit.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: a tensor of the same shape and the same expectation.
  ///
  /// *Reference:* `torch.nn.functional.dropout`, 2.x, which lets a NaN through.
  public func dropout(
    _ probability: Float, by unit: DropoutUnit = .element, from stream: inout RandomStream,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    require(
      (0...1).contains(probability), "dropout: a probability cannot be \(probability)", file, line)
    let shared: [Int]
    switch unit {
    case .element: shared = []
    case .along(let axes):
      shared = axes.map { resolvedAxis($0, rank: rank, shape, file, line) }
    case .channel:
      require(
        rank >= 2, "dropout of channels needs [N, C, …], and the shape is \(shape)", file, line)
      shared = Array(2..<rank)
    }
    if probability == 0 { return self }
    let scale = probability < 1 ? 1 / (1 - probability) : 0
    // The last of the words that drop: of all 2³², the share of the probability, and one at least.
    let last = UInt32(Swift.max(1, (Double(probability) * 0x1p32).rounded()) - 1)
    if shared.allSatisfy({ shape[$0] == 1 }) {
      let (seed, identifier, position) = (stream.seed, stream.identifier, stream.position)
      stream.position += UInt64(count)
      let draw: @Sendable (Tensor) -> Tensor = {
        $0.dropped(last, scale, seed, identifier, position)
      }
      return draw(self).derived(from: self, draw)
    }
    let units = Shape(shape.indices.map { shared.contains($0) ? 1 : shape[$0] })
    let mask = Tensor.ones(units).dropout(probability, from: &stream)
    return combined(with: mask, "dropout", sentio_masked).derived(
      from: self, { $0.combined(with: mask, "dropout", sentio_masked) })
  }

  private func dropped(
    _ last: UInt32, _ scale: Float, _ seed: UInt64, _ identifier: UInt64, _ position: UInt64
  ) -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (x, out) = (storage.pointer, result.storage.pointer)
    ParallelLoop.run(count, cost: 4) { range in
      let start = range.lowerBound
      sentio_dropout(
        x + start, out + start, range.count, seed, identifier, position + UInt64(start), last,
        scale)
    }
    return result
  }
}

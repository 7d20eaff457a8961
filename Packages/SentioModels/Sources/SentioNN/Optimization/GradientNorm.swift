import CSentioNNKernels
import SentioTensor

/// The root of the sum of all squares of all gradients, in one pass over them.
///
/// Summed in double precision in an order of its own, so that it has the same bits on any number of
/// threads and never overflows. A gradient that is not finite makes it infinite or NaN.
///
/// - Parameter gradients: tensors of any shapes; none give 0.
/// - Returns: the norm.
public func gradientNorm(_ gradients: [Tensor]) -> Double {
  gradients.reduce(0) { $0 + sumOfSquares($1) }.squareRoot()
}

/// Σ x² of a tensor.
func sumOfSquares(_ tensor: Tensor) -> Double {
  // Blocks of fixed length, whatever the number of threads, keep the order of additions.
  let block = 1 << 16
  return tensor.withUnsafeBufferPointer { x in
    guard x.count > block, let base = x.baseAddress else {
      return x.baseAddress.map { sentio_sum_of_squares($0, x.count) } ?? 0
    }
    let blocks = (x.count + block - 1) / block
    return withUnsafeTemporaryAllocation(of: Double.self, capacity: blocks) { sums in
      nonisolated(unsafe) let sums = sums
      ParallelLoop.run(blocks, cost: block) { range in
        for index in range {
          let start = index * block
          sums[index] = sentio_sum_of_squares(base + start, min(block, x.count - start))
        }
      }
      return sums.reduce(0, +)
    }
  }
}

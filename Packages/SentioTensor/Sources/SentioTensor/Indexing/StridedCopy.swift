import CSentioTensorKernels

/// Copies a block between two strided layouts, on several threads where it is large.
func copyStrided(
  from source: UnsafePointer<Float>, _ sourceStrides: [Int],
  to target: UnsafeMutablePointer<Float>, _ targetStrides: [Int], extents: [Int],
  accumulate: Bool = false
) {
  // Threads take ranges of the first axis that has more than one element.
  guard let axis = extents.firstIndex(where: { $0 != 1 }) else {
    target[0] = accumulate ? target[0] + source[0] : source[0]
    return
  }
  let rest = extents.dropFirst(axis + 1).reduce(1, *)
  guard rest > 0 else { return }
  ParallelLoop.run(extents[axis], cost: rest) { range in
    var part = extents
    part[axis] = range.count
    sentio_copy_strided(
      source + range.lowerBound * sourceStrides[axis], sourceStrides,
      target + range.lowerBound * targetStrides[axis], targetStrides, part,
      part.count, accumulate ? 1 : 0)
  }
}

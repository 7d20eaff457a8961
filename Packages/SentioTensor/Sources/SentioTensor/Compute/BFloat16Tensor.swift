import CSentioTensorKernels

/// Elements rounded to bfloat16: what passes between the parts of a fused operation in a bfloat16 scope,
/// and what its derivative keeps.
///
/// Row-major and 64-byte aligned, in memory of the pool. It has no gradients and no operations of its own.
struct BFloat16Tensor: Sendable {
  let storage: TensorStorage
  let shape: Shape

  /// Where the elements lie, each the upper half of a `Float`.
  var pointer: UnsafeMutablePointer<UInt16> { storage.raw.assumingMemoryBound(to: UInt16.self) }

  /// The number of elements.
  var count: Int { shape.elementCount }

  /// Creates a tensor of no defined values.
  init(uninitialized shape: Shape) {
    self.init(
      TensorStorage(bytes: shape.elementCount * MemoryLayout<UInt16>.stride), shape: shape)
  }

  private init(_ storage: TensorStorage, shape: Shape) {
    self.storage = storage
    self.shape = shape
  }

  /// Rounds the elements of a tensor to the nearest, the even one of two.
  ///
  /// The rounded elements stay with the tensor's, so that the layers that read one tensor round it once.
  init(_ tensor: Tensor) {
    let (source, count) = (tensor.storage.pointer, tensor.count)
    let rounded = tensor.storage.form(.bfloat16) {
      let rounded = TensorStorage(bytes: count * MemoryLayout<UInt16>.stride)
      let target = rounded.raw.assumingMemoryBound(to: UInt16.self)
      ParallelLoop.run(count) { range in
        sentio_float_to_bfloat16(
          source + range.lowerBound, target + range.lowerBound, range.count)
      }
      return rounded
    }
    self.init(rounded!, shape: tensor.shape)
  }

  /// The same elements in another shape of as many.
  func reshaped(_ shape: Shape) -> BFloat16Tensor { BFloat16Tensor(storage, shape: shape) }

  /// The same numbers in single precision.
  func widened() -> Tensor {
    let result = Tensor(uninitialized: shape)
    let (source, target) = (pointer, result.storage.pointer)
    ParallelLoop.run(count) { range in
      sentio_bfloat16_to_float(source + range.lowerBound, target + range.lowerBound, range.count)
    }
    withExtendedLifetime(storage) {}
    return result
  }
}

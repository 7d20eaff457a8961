import SentioTensor

/// Transposed and depthwise convolution, forward and with all gradients, in both precisions.
let tensorSpatialWorkloads: [Workload] =
  spatialRows("convT2d.8x128x32x323.64k4s2", flops: 2 * 8 * 32 * 323 * 128 * 64 * 16) {
    let parameters = spatialTensors([8, 128, 32, 323], [128, 64, 4, 4], [64])
    return (
      parameters,
      { $0[0].transposedConvolved2D($0[1], bias: $0[2], stride: 2, padding: .symmetric(1)) }
    )
  }
  + spatialRows("depthwise.8x384x14x14.k3", flops: 2 * 8 * 384 * 196 * 9) {
    let parameters = spatialTensors([8, 384, 14, 14], [384, 1, 3, 3], [384])
    return (
      parameters, { $0[0].depthwiseConvolved2D($0[1], bias: $0[2], padding: .symmetric(1)) }
    )
  }

private typealias SpatialOperation = @Sendable ([Tensor]) -> Tensor

/// The four rows of an operation on an input, weight and bias: precisions by modes.
private func spatialRows(
  _ id: String, flops: Double, _ prepare: @escaping @Sendable () -> ([Tensor], SpatialOperation)
) -> [Workload] {
  [("f32", ComputePrecision.float32), ("bf16", .bfloat16)].flatMap { name, precision in
    [
      Workload("tensor.\(id).\(name).fwd", flops: flops) {
        let (tensors, operation) = prepare()
        return { Compute.with(precision: precision) { blackHole(operation(tensors)) } }
      },
      Workload("tensor.\(id).\(name).fwdbwd", flops: 3 * flops) {
        let (tensors, operation) = prepare()
        return {
          Compute.with(precision: precision) {
            blackHole(valueAndGradient(of: tensors) { operation($0).sum() })
          }
        }
      },
    ]
  }
}

private func spatialTensors(_ shapes: Shape...) -> [Tensor] {
  var stream = RandomStream(seed: 0, "spatial")
  return shapes.map { .normal($0, from: &stream) }
}

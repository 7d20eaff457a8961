import SentioTensor

/// Convolutions in the sizes of the models, forward alone and with all gradients of the sum of outputs.
let tensorConvolutionWorkloads: [Workload] = [
  convolution(
    "conv1d.32x40x600.64k3", input: [32, 40, 600], weight: [64, 40, 3], places: 32 * 600
  ) { $0.convolved1D($1, bias: $2, padding: .symmetric(1)) },
  convolution(
    "conv1d.32x128x150.256k3", input: [32, 128, 150], weight: [256, 128, 3], places: 32 * 150
  ) { $0.convolved1D($1, bias: $2, padding: .symmetric(1)) },
  convolution(
    "conv2d.8x64x56x56.64k3", input: [8, 64, 56, 56], weight: [64, 64, 3, 3], places: 8 * 56 * 56
  ) { $0.convolved2D($1, bias: $2, padding: .symmetric(1)) },
  convolution(
    "conv2d.8x3x224x224.768k16s16", input: [8, 3, 224, 224], weight: [768, 3, 16, 16],
    places: 8 * 14 * 14
  ) { $0.convolved2D($1, bias: $2, stride: 16) },
].flatMap { $0 }

private func convolution(
  _ id: String, input: Shape, weight: Shape, places: Int,
  _ convolve: @escaping @Sendable (Tensor, Tensor, Tensor) -> Tensor
) -> [Workload] {
  let flops = 2 * Double(places) * Double(weight.elementCount)
  return [("f32", ComputePrecision.float32), ("bf16", .bfloat16)].flatMap { name, precision in
    [
      Workload("tensor.\(id).\(name).fwd", flops: flops) {
        let inputs = inputs(input, weight)
        return {
          Compute.with(precision: precision) {
            blackHole(convolve(inputs[0], inputs[1], inputs[2]))
          }
        }
      },
      Workload("tensor.\(id).\(name).fwdbwd", flops: 3 * flops) {
        let inputs = inputs(input, weight)
        return {
          Compute.with(precision: precision) {
            blackHole(valueAndGradient(of: inputs) { convolve($0[0], $0[1], $0[2]).sum() })
          }
        }
      },
    ]
  }
}

private func inputs(_ input: Shape, _ weight: Shape) -> [Tensor] {
  var stream = RandomStream(seed: 0, "benchmark")
  let scale = 1 / Float(weight.elementCount / weight[0]).squareRoot()
  return [
    .normal(input, from: &stream), .normal(weight, from: &stream) * scale,
    .normal([weight[0]], from: &stream),
  ]
}

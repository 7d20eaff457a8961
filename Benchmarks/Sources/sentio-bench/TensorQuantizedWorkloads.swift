import SentioTensor

/// Inference in 8-bit integers, in the sizes of the rows in single precision; rounding x is part of the time.
let tensorQuantizedWorkloads: [Workload] = [
  convolution(
    "conv1d.32x40x600.64k3", [32, 40, 600], [64, 40, 3], places: 32 * 600, padding: 1),
  convolution(
    "conv1d.32x128x150.256k3", [32, 128, 150], [256, 128, 3], places: 32 * 150, padding: 1),
  convolution(
    "conv2d.8x64x56x56.64k3", [8, 64, 56, 56], [64, 64, 3, 3], places: 8 * 56 * 56, padding: 1),
  convolution(
    "conv2d.8x3x224x224.768k16s16", [8, 3, 224, 224], [768, 3, 16, 16], places: 8 * 14 * 14,
    stride: 16),
  Workload("tensor.linear.int8.2364x768.3072", flops: 2 * 2364 * 768 * 3072) {
    let x = benchmarkTensor([2364, 768])
    let layer = QuantizedLinear(
      weight: benchmarkTensor([3072, 768]), input: ActivationQuantization(covering: -4...4))
    return { blackHole(layer(x)) }
  },
]

private func convolution(
  _ id: String, _ input: Shape, _ weight: Shape, places: Int, padding: Int = 0,
  stride: HeightWidth = 1
) -> Workload {
  Workload(
    "tensor.\(id).int8.fwd", flops: 2 * Double(places) * Double(weight.elementCount)
  ) {
    let x = benchmarkTensor(input)
    let layer = QuantizedConvolution(
      weight: benchmarkTensor(weight), bias: benchmarkTensor([weight[0]]), stride: stride,
      padding: .symmetric(padding), input: ActivationQuantization(covering: -4...4))
    return { blackHole(layer(x)) }
  }
}

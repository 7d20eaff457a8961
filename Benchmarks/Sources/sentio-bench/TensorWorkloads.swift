import SentioTensor

/// Matrix products in the sizes of the models, and the row operations between them.
let tensorWorkloads: [Workload] =
  gemmWorkloads + [
    Workload("tensor.softmax.f32.12x12x197x197") {
      let x = benchmarkTensor([12, 12, 197, 197])
      return { blackHole(x.softmax()) }
    },
    Workload("tensor.layernorm.f32.2364x768") {
      let x = benchmarkTensor([2364, 768])
      let gain = Tensor.ones([768])
      let offset = Tensor.zeros([768])
      return { blackHole(x.layerNormalized(gain: gain, offset: offset)) }
    },
    Workload("tensor.gelu.f32.2364x3072") {
      let x = benchmarkTensor([2364, 3072])
      return { blackHole(x.gelu()) }
    },
  ]

private let gemmWorkloads: [Workload] = [
  (197, 768, 768), (2364, 3072, 768), (1024, 1024, 1024), (2048, 2048, 2048), (4800, 256, 384),
  (32, 1024, 256),
].map { m, n, k in
  Workload("tensor.gemm.f32.\(m)x\(n)x\(k)", flops: 2 * Double(m) * Double(n) * Double(k)) {
    let a = benchmarkTensor([m, k])
    let b = benchmarkTensor([k, n])
    return { blackHole(a.matmul(b)) }
  }
}

private func benchmarkTensor(_ shape: Shape) -> Tensor {
  var stream = RandomStream(seed: 0, "benchmark")
  return .normal(shape, from: &stream)
}

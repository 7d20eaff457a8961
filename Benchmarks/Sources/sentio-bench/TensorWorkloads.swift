import SentioTensor

/// Matrix products in the sizes of the models, and what the topics' own files hold.
let tensorWorkloads: [Workload] =
  gemmWorkloads + tensorAttentionWorkloads + tensorRecurrentWorkloads

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

func benchmarkTensor(_ shape: Shape) -> Tensor {
  var stream = RandomStream(seed: 0, "benchmark")
  return .normal(shape, from: &stream)
}

import SentioTensor

/// What the topics' own files hold.
let tensorWorkloads: [Workload] =
  tensorProductWorkloads + tensorAttentionWorkloads + tensorRecurrentWorkloads
  + tensorSpatialWorkloads
  + tensorConvolutionWorkloads + tensorQuantizedWorkloads

func benchmarkTensor(_ shape: Shape) -> Tensor {
  var stream = RandomStream(seed: 0, "benchmark")
  return .normal(shape, from: &stream)
}

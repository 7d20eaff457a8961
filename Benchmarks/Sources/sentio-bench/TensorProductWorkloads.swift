import SentioTensor

/// Products in both precisions, and how their time grows with size and batch.
let tensorProductWorkloads: [Workload] =
  singlePrecision + bfloat16 + sizes + batches + trainingSteps + integers

/// Rows, columns and the length of the sums, in the sizes of the models.
private let sizesOfModels = [
  (197, 768, 768), (2364, 3072, 768), (1024, 1024, 1024), (2048, 2048, 2048), (4800, 256, 384),
  (32, 1024, 256),
]

private let singlePrecision = sizesOfModels.map { m, n, k in
  product("tensor.gemm.f32.\(m)x\(n)x\(k)", m, n, k, .float32)
}

private let bfloat16 = sizesOfModels.flatMap { m, n, k in
  let id = "tensor.gemm.bf16.\(m)x\(n)x\(k)"
  return [
    // Single precision in and out: x is rounded in every call.
    product(id, m, n, k, .bfloat16),
    // As inside of a fused chain: x is rounded already, and its rounded form is there.
    Workload("\(id).inside", flops: operations(m, n, k)) {
      let (x, weight) = (benchmarkTensor([m, k]), benchmarkTensor([n, k]))
      return { Compute.with(precision: .bfloat16) { blackHole(x.linear(weight)) } }
    },
    // The chain itself: two products, bfloat16 between them.
    Workload("\(id).chain", flops: 2 * operations(m, n, k)) {
      var x = benchmarkTensor([m, k])
      let (inner, outer) = (benchmarkTensor([n, k]), benchmarkTensor([k, n]))
      return {
        x.withUnsafeMutableBufferPointer { $0[0] += 1 }
        Compute.with(precision: .bfloat16) {
          blackHole(x.feedForward(inner: inner, activation: .identity, outer: outer))
        }
      }
    },
  ]
}

private let sizes = [ComputePrecision.float32, .bfloat16].flatMap { precision in
  [64, 128, 256, 512, 1024, 2048, 4096].map { n in
    product("tensor.gemm.\(name(precision)).scale.\(n)", n, n, n, precision)
  }
}

private let batches = [ComputePrecision.float32, .bfloat16].flatMap { precision in
  [1, 2, 4, 8, 16, 32, 64].map { batch in
    Workload(
      "tensor.linear.\(name(precision)).768x768.batch.\(batch)", flops: operations(batch, 768, 768)
    ) {
      var x = benchmarkTensor([batch, 768])
      let (weight, bias) = (benchmarkTensor([768, 768]), benchmarkTensor([768]))
      return {
        x.withUnsafeMutableBufferPointer { $0[0] += 1 }
        Compute.with(precision: precision) { blackHole(x.linear(weight, bias: bias)) }
      }
    }
  }
}

/// Forward and all gradients of a transformer's feed-forward block.
private let trainingSteps = [ComputePrecision.float32, .bfloat16].map { precision in
  Workload(
    "tensor.feedforward.\(name(precision)).788x768x3072.fwdbwd",
    flops: 6 * operations(788, 3072, 768)
  ) {
    let weights = [
      benchmarkTensor([788, 768]), benchmarkTensor([3072, 768]), benchmarkTensor([3072]),
      benchmarkTensor([768, 3072]), benchmarkTensor([768]),
    ]
    return {
      Compute.with(precision: precision) {
        let (_, gradients) = valueAndGradient(of: weights) { w in
          w[0].feedForward(
            inner: w[1], innerBias: w[2], outer: w[3], outerBias: w[4], residual: w[0]
          ).sum()
        }
        blackHole(gradients)
      }
    }
  }
}

/// Linear layers in 8-bit integers, single precision in and out.
private let integers = sizesOfModels.map { m, n, k in
  Workload("tensor.gemm.int8.\(m)x\(n)x\(k)", flops: operations(m, n, k)) {
    var calibrator = ActivationCalibrator()
    let x = benchmarkTensor([m, k])
    calibrator.observe(x)
    let layer = QuantizedLinear(weight: benchmarkTensor([n, k]), input: calibrator.quantization)
    return { blackHole(layer(x)) }
  }
}

private func name(_ precision: ComputePrecision) -> String {
  precision == .float32 ? "f32" : "bf16"
}

private func operations(_ m: Int, _ n: Int, _ k: Int) -> Double {
  2 * Double(m) * Double(n) * Double(k)
}

private func product(
  _ id: String, _ m: Int, _ n: Int, _ k: Int, _ precision: ComputePrecision
) -> Workload {
  Workload(id, flops: operations(m, n, k)) {
    var a = benchmarkTensor([m, k])
    let b = benchmarkTensor([k, n])
    return {
      // New numbers each time: nothing that was derived from the last ones serves again.
      a.withUnsafeMutableBufferPointer { $0[0] += 1 }
      Compute.with(precision: precision) { blackHole(a.matmul(b)) }
    }
  }
}

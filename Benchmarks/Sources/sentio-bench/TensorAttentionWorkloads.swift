import SentioTensor

/// Attention, and the row and element operations that stand around it in a transformer.
let tensorAttentionWorkloads: [Workload] =
  attentionWorkloads + scalingWorkloads + [
    Workload("tensor.softmax.f32.12x12x197x197") {
      let x = benchmarkTensor([12, 12, 197, 197])
      return { blackHole(x.softmax()) }
    },
    Workload("tensor.softmax.f32.12x12x197x197.fwdbwd") {
      let x = benchmarkTensor([12, 12, 197, 197])
      return { blackHole(valueAndGradient(of: x) { $0.softmax().sum() }) }
    },
    Workload("tensor.layernorm.f32.2364x768") {
      let x = benchmarkTensor([2364, 768])
      let gain = Tensor.ones([768])
      let offset = Tensor.zeros([768])
      return { blackHole(x.layerNormalized(gain: gain, offset: offset)) }
    },
    Workload("tensor.layernorm.f32.2364x768.fwdbwd") {
      let x = [benchmarkTensor([2364, 768]), Tensor.ones([768]), Tensor.zeros([768])]
      return {
        blackHole(
          valueAndGradient(of: x) { $0[0].layerNormalized(gain: $0[1], offset: $0[2]).sum() })
      }
    },
    Workload("tensor.gelu.f32.2364x3072") {
      let x = benchmarkTensor([2364, 3072])
      return { blackHole(x.gelu()) }
    },
    Workload("tensor.gelu.f32.2364x3072.fwdbwd") {
      let x = benchmarkTensor([2364, 3072])
      return { blackHole(valueAndGradient(of: x) { $0.gelu().sum() }) }
    },
  ]

/// Attention of ViT-B on twelve images: heads apart as PyTorch has them, and side by side as one linear
/// layer gives them.
private let attentionWorkloads: [Workload] = ComputePrecision.allCases.flatMap { precision in
  let name = precision == .float32 ? "f32" : "bf16"
  let flops = 4 * 12 * 12 * 197 * 197 * 64.0
  return [
    Workload("tensor.attention.\(name).12x12x197x64", flops: flops) {
      let x = (0..<3).map { _ in benchmarkTensor([12, 12, 197, 64]) }
      return {
        blackHole(
          Compute.with(precision: precision) { scaledDotProductAttention(x[0], x[1], x[2]) })
      }
    },
    Workload("tensor.attention.\(name).12x12x197x64.fwdbwd", flops: 3.5 * flops) {
      let x = (0..<3).map { _ in benchmarkTensor([12, 12, 197, 64]) }
      return {
        let result = Compute.with(precision: precision) {
          valueAndGradient(of: x) { scaledDotProductAttention($0[0], $0[1], $0[2]).sum() }
        }
        blackHole(result)
      }
    },
    Workload("tensor.attention.\(name).qkv.12x197x2304", flops: flops) {
      let qkv = benchmarkTensor([12, 197, 2304])
      return {
        blackHole(Compute.with(precision: precision) { multiHeadAttention(qkv: qkv, heads: 12) })
      }
    },
    Workload("tensor.attention.\(name).qkv.12x197x2304.fwdbwd", flops: 3.5 * flops) {
      let qkv = benchmarkTensor([12, 197, 2304])
      return {
        let result = Compute.with(precision: precision) {
          valueAndGradient(of: qkv) { multiHeadAttention(qkv: $0, heads: 12).sum() }
        }
        blackHole(result)
      }
    },
  ]
}

/// One sequence of more and more tokens: time grows with their square, memory with their number.
private let scalingWorkloads: [Workload] = [128, 256, 512, 1024, 2048, 4096].flatMap { tokens in
  let flops = 4 * 12 * Double(tokens * tokens) * 64
  return [
    Workload("tensor.attention.f32.tokens\(tokens)", flops: flops) {
      let x = (0..<3).map { _ in benchmarkTensor([1, 12, tokens, 64]) }
      return { blackHole(scaledDotProductAttention(x[0], x[1], x[2])) }
    },
    Workload("tensor.attention.f32.tokens\(tokens).fwdbwd", flops: 3.5 * flops) {
      let x = (0..<3).map { _ in benchmarkTensor([1, 12, tokens, 64]) }
      return {
        blackHole(valueAndGradient(of: x) { scaledDotProductAttention($0[0], $0[1], $0[2]).sum() })
      }
    },
  ]
}

import SentioTensor

// A layer of one's own with nothing but SentioTensor: written, trained, and used in reduced precision.
// The task: sixty-four frames of noise with a rising or a falling glide somewhere; which is it?

/// A convolution whose second half of channels decides how much of the first half passes.
struct GatedConvolution: TensorGroup {
  var weight: Tensor
  var bias: Tensor

  init(_ inputs: Int, _ outputs: Int, kernel: Int, from stream: inout RandomStream) {
    weight = Initializer.glorot().tensor([2 * outputs, inputs, kernel], from: &stream)
    bias = .zeros([2 * outputs])
  }

  mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try body(&weight)
    try body(&bias)
  }

  func callAsFunction(_ x: Tensor) -> Tensor {
    let half = weight.shape[0] / 2
    let sums = x.convolved1D(weight, bias: bias, padding: .same)
    return sums.sliced(..<half, axis: 1) * sums.sliced(half..., axis: 1).sigmoid()
  }
}

/// Two gated layers, the largest value of each channel over time, and a linear layer to two logits.
struct GlideDetector: TensorGroup {
  var first: GatedConvolution
  var second: GatedConvolution
  var head: Tensor

  init(bands: Int, from stream: inout RandomStream) {
    first = GatedConvolution(bands, 16, kernel: 5, from: &stream)
    second = GatedConvolution(16, 16, kernel: 5, from: &stream)
    head = Initializer.glorot().tensor([2, 16], from: &stream)
  }

  mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
    try first.forEachTensor(body)
    try second.forEachTensor(body)
    try body(&head)
  }

  func callAsFunction(_ x: Tensor) -> Tensor { second(first(x)).max(axes: 2).linear(head) }
}

/// Spectrograms `[count, 12, 64]` of noise with a glide over six bands, and whether each rises.
func glides(_ count: Int, from stream: inout RandomStream) -> (Tensor, [Int]) {
  var x = Tensor.normal([count, 12, 64], standardDeviation: 0.7, from: &stream)
  var labels: [Int] = []
  for song in 0..<count {
    let (start, band) = (stream.next(below: 40), stream.next(below: 6))
    labels.append(stream.next(below: 2))
    for frame in 0..<24 {
      let step = labels[song] == 1 ? frame / 4 : 5 - frame / 4
      x[element: song, band + step, start + frame] += 1.5
    }
  }
  return (x, labels)
}

func accuracy(_ logits: Tensor, _ labels: [Int]) -> Double {
  let right = zip(logits.argmax(axis: 1), labels).count { $0 == $1 }
  return Double(right) / Double(labels.count)
}

@main
enum NewLayer {
  static func main() {
    var stream = RandomStream(seed: 7, "glides")
    var weights = RandomStream(seed: 7, "weights")
    let (heldOut, heldOutLabels) = glides(400, from: &stream)
    var model = GlideDetector(bands: 12, from: &weights)
    print("\(model.tensors.reduce(0) { $0 + $1.count }) parameters")
    print(
      "before training: \(accuracy(model(heldOut), heldOutLabels)) of 400 held-out glides are right"
    )

    var velocity = model.tensors.map { Tensor.zeros($0.shape) }
    var allocations = 0
    for step in 1...300 {
      let (x, labels) = glides(32, from: &stream)
      let (loss, gradients) = valueAndGradient(of: model) { crossEntropy(logits: $0(x), labels) }
      var index = 0
      model.forEachTensor { tensor in
        velocity[index] = velocity[index] * 0.9 + gradients[index]
        tensor -= velocity[index] * 0.05
        index += 1
      }
      if step == 100 { allocations = TensorMemory.statistics.systemAllocations }
      if step % 50 == 0 { print("step \(step): loss \(loss.scalar)") }
    }
    allocations = TensorMemory.statistics.systemAllocations - allocations
    print("buffers asked of the system in the last 200 steps: \(allocations)")

    let exact = model(heldOut)
    let rounded = Compute.with(precision: .bfloat16) { model(heldOut) }
    print("after training: \(accuracy(exact, heldOutLabels)) of 400 held-out glides are right")
    print("in bfloat16 (\(Compute.support(for: .bfloat16))): \(accuracy(rounded, heldOutLabels))")
  }
}

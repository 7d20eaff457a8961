import SentioTensor
import SentioTensorTestSupport
import Testing

/// The fused way back of layer norm: every choice of what is wanted, and blocks of rows.
@Suite struct LayerNormalizationGradientTests {
  static func normal(_ shape: Shape, _ name: String) -> Tensor {
    var stream = RandomStream(seed: 9, name)
    return .normal(shape, from: &stream)
  }

  /// Layer norm out of single operations, and their derivatives.
  static func composed(_ x: Tensor, _ gain: Tensor, _ offset: Tensor) -> Tensor {
    let centered = x - x.mean(axes: -1, keepingAxes: true)
    let variance = centered.squared().mean(axes: -1, keepingAxes: true)
    return centered / (variance + 1e-5).squareRoot() * gain + offset
  }

  @Test(arguments: [[3, 5], [64, 16], [65, 37], [7, 31, 50], [200, 600]])
  func everyChoiceEqualsTheComposition(_ extents: [Int]) {
    let columns = extents[extents.count - 1]
    let x = Self.normal(Shape(extents), "x")
    let (gain, offset) = (Self.normal([columns], "gain"), Self.normal([columns], "offset"))
    let weights = Self.normal(Shape(extents), "weights")
    let all = [x, gain, offset]
    func gradients(_ chosen: [Int], _ function: (Tensor, Tensor, Tensor) -> Tensor) -> [Tensor] {
      valueAndGradient(of: chosen.map { all[$0] }) { inputs in
        var operands = all
        for (place, index) in chosen.enumerated() { operands[index] = inputs[place] }
        return (function(operands[0], operands[1], operands[2]) * weights).sum()
      }.gradient
    }
    for chosen in [[0, 1, 2], [0], [1], [2], [1, 2], [0, 2]] {
      let fused = gradients(chosen) { $0.layerNormalized(gain: $1, offset: $2) }
      let expected = gradients(chosen, Self.composed)
      // Sums over 200 rows of numbers around 1.
      for (a, b) in zip(fused, expected) {
        expectClose(a, b, within: Tolerance(relative: 1e-4, absolute: 5e-5), "\(chosen)")
      }
    }
    // Without a gain, and without an offset.
    for chosen in [[0, 2], [2]] {
      let fused = gradients(chosen) { x, _, offset in x.layerNormalized(offset: offset) }
      let expected = gradients(chosen) { x, _, offset in Self.composed(x, .ones([columns]), offset)
      }
      for (a, b) in zip(fused, expected) {
        expectClose(a, b, within: Tolerance(relative: 1e-4, absolute: 5e-5), "offset \(chosen)")
      }
    }
    let fused = gradients([0, 1]) { x, gain, _ in x.layerNormalized(gain: gain) }
    let expected = gradients([0, 1]) { x, gain, _ in Self.composed(x, gain, .zeros([columns])) }
    for (a, b) in zip(fused, expected) {
      expectClose(a, b, within: Tolerance(relative: 1e-4, absolute: 5e-5), "gain")
    }
  }
}

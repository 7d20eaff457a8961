import SentioNN
import SentioTensor

/// A convolution of pictures without bias, batch normalization and SiLU: what MobileViT is made of.
///
/// `[N, C, H, W]` to `[N, O, ⌈H/s⌉, ⌈W/s⌉]` for odd kernels. Weights start by He's rule, normal.
///
/// *Reference:* `MobileViTConvLayer` of Hugging Face's transformers, 5.x.
package struct MobileConvolution: Layer {
  package var site = Site()
  @Parameter("convolution.weight") package var weight: Tensor
  @Child package var normalization: BatchNorm?
  package let stride: HeightWidth
  package let groups: Int
  package let activation: Activation

  init(
    _ inputs: Int, _ outputs: Int, kernel: Int, stride: Int = 1, groups: Int = 1,
    isNormalized: Bool = true, activation: Activation = .silu, from stream: inout RandomStream
  ) {
    self.stride = HeightWidth(stride)
    self.groups = groups
    self.activation = activation
    weight = Initializer.he(.normal, fan: .output)
      .tensor([outputs, inputs / groups, kernel, kernel], from: &stream)
    normalization = isNormalized ? BatchNorm(outputs) : nil
  }

  package mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_weight)
    visit(&_normalization)
  }

  package func forward(_ x: Tensor) -> Tensor {
    let border = (weight.shape[2] - 1) / 2
    let sides = ConvolutionPadding.Sides(before: border, after: border)
    let y = x.convolved2D(
      weight, stride: stride, groups: groups, padding: .explicit([sides, sides]))
    return activation(normalization.map { $0(y) } ?? y)
  }

  package func operationCount(input: Shape, output: Shape) -> Int {
    output.elementCount * (2 * weight.count / weight.shape[0] + 1)
  }
}

/// Channels widened, looked at in space one by one, and narrowed again; added to the input where shapes allow.
///
/// *Reference:* Sandler et al., "MobileNetV2", 2018; `MobileViTInvertedResidual`.
package struct InvertedResidual: Layer {
  package var site = Site()
  @Child("expand_1x1") package var expand: MobileConvolution
  @Child("conv_3x3") package var depthwise: MobileConvolution
  @Child("reduce_1x1") package var reduce: MobileConvolution
  package let isResidual: Bool

  init(
    _ inputs: Int, _ outputs: Int, stride: Int, expansion: Float, from stream: inout RandomStream
  ) {
    let inner = Self.nearestMultipleOfEight(Float((Float(inputs) * expansion).rounded()))
    isResidual = stride == 1 && inputs == outputs
    expand = MobileConvolution(inputs, inner, kernel: 1, from: &stream)
    depthwise = MobileConvolution(
      inner, inner, kernel: 3, stride: stride, groups: inner, from: &stream)
    reduce = MobileConvolution(inner, outputs, kernel: 1, activation: .identity, from: &stream)
  }

  package mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_expand)
    visit(&_depthwise)
    visit(&_reduce)
  }

  package func forward(_ x: Tensor) -> Tensor {
    let y = reduce(depthwise(expand(x)))
    return isResidual ? x + y : y
  }

  /// The nearest multiple of 8, or the next one where that is more than a tenth too small.
  private static func nearestMultipleOfEight(_ value: Float) -> Int {
    let nearest = max(8, Int(value + 4) / 8 * 8)
    return Float(nearest) < 0.9 * value ? nearest + 8 : nearest
  }
}

/// Inverted residuals one after the other, the first of which may step over every second place.
package struct InvertedResiduals: Layer {
  package var site = Site()
  @Child("layer") package var layers: [InvertedResidual]

  init(
    _ inputs: Int, _ outputs: Int, stride: Int, count: Int, expansion: Float,
    from stream: inout RandomStream
  ) {
    layers = (0..<count).map { index in
      InvertedResidual(
        index == 0 ? inputs : outputs, outputs, stride: index == 0 ? stride : 1,
        expansion: expansion, from: &stream)
    }
  }

  package mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_layers) }

  package func forward(_ x: Tensor) -> Tensor { layers.reduce(x) { $1($0) } }
}

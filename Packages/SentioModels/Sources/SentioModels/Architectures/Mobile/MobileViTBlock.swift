import SentioNN
import SentioTensor

/// Convolutions for what is near, and a transformer between corresponding places of all patches for what is far.
///
/// *Reference:* Mehta and Rastegari, "MobileViT", 2022; `MobileViTLayer` of Hugging Face's transformers, 5.x.
package struct MobileViTBlock: Layer {
  package var site = Site()
  @Child("downsampling_layer") package var downsampling: InvertedResidual
  @Child("conv_kxk") package var local: MobileConvolution
  @Child("conv_1x1") package var widening: MobileConvolution
  @Child package var transformer: TransformerEncoder
  @Child("layernorm") package var norm: LayerNorm
  @Child("conv_projection") package var projection: MobileConvolution
  @Child package var fusion: MobileConvolution
  package let patch: Int

  init(
    _ inputs: Int, _ outputs: Int, _ transformer: TransformerSettings, patch: Int, kernel: Int,
    expansion: Float, from stream: inout RandomStream
  ) {
    self.patch = patch
    let features = transformer.features
    downsampling = InvertedResidual(inputs, outputs, stride: 2, expansion: expansion, from: &stream)
    local = MobileConvolution(outputs, outputs, kernel: kernel, from: &stream)
    widening = MobileConvolution(
      outputs, features, kernel: 1, isNormalized: false, activation: .identity, from: &stream)
    self.transformer = TransformerEncoder(transformer, from: &stream)
    norm = LayerNorm(features, epsilon: transformer.epsilon)
    projection = MobileConvolution(features, outputs, kernel: 1, from: &stream)
    fusion = MobileConvolution(2 * outputs, outputs, kernel: kernel, from: &stream)
  }

  package mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_downsampling)
    visit(&_local)
    visit(&_widening)
    visit(&_transformer)
    visit(&_norm)
    visit(&_projection)
    visit(&_fusion)
  }

  package func forward(_ x: Tensor) -> Tensor {
    let x = downsampling(x)
    let map = widening(local(x))
    let (height, width) = (map.shape[2], map.shape[3])
    // Whole patches are needed: a picture that does not divide is stretched, and brought back afterwards.
    let size = HeightWidth(
      height: (height + patch - 1) / patch * patch, width: (width + patch - 1) / patch * patch)
    let isStretched = size != HeightWidth(height: height, width: width)
    let tokens = unfolded(isStretched ? map.resized2D(to: size) : map)
    var far = folded(norm(transformer(tokens)), size, pictures: x.shape[0])
    if isStretched { far = far.resized2D(to: HeightWidth(height: height, width: width)) }
    return fusion(Tensor.concatenate([x, projection(far)], axis: 1))
  }

  // The same place of every patch as one sequence: [N, C, H, W] -> [N·p·p, patches, C]
  private func unfolded(_ x: Tensor) -> Tensor {
    let (count, channels) = (x.shape[0], x.shape[1])
    let (rows, columns) = (x.shape[2] / patch, x.shape[3] / patch)
    return x.reshaped([count, channels, rows, patch, columns, patch])
      .permuted([0, 3, 5, 2, 4, 1])
      .reshaped([count * patch * patch, rows * columns, channels])
  }

  // The way back: [N·p·p, patches, C] -> [N, C, H, W]
  private func folded(_ x: Tensor, _ size: HeightWidth, pictures count: Int) -> Tensor {
    let channels = x.shape[2]
    return x.reshaped([count, patch, patch, size.height / patch, size.width / patch, channels])
      .permuted([0, 5, 3, 1, 4, 2])
      .reshaped([count, channels, size.height, size.width])
  }
}

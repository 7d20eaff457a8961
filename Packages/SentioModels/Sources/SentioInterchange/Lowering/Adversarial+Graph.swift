import SentioModels
import SentioNN
import SentioTensor

extension SpectrogramGenerator: GraphLayer {
  /// The grid, its doublings, and the frames of the middle.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let grid = settings.grid
    let first: GraphValue
    if settings.emotionGain == 1 {
      first = try graph.apply(linear, to: x)
    } else {
      // The gain goes into the weights of the emotion's columns, [outputs, inputs] · [inputs].
      let weights = graph.table(
        linear.site.path(of: "weight") + ".gained", linear.weight * settings.inputGains)
      first = try graph.linear(
        x, weights, bias: graph.optionalConstant("bias", of: linear), activation: linear.activation)
    }
    var y = graph.reshape(first, [settings.gridChannels, grid.height, grid.width])
    for (convolution, norm) in zip(convolutions, norms) {
      y = try graph.apply(norm, to: graph.apply(convolution, to: y))
      y = graph.function(.fused(.relu), y)
    }
    y = try graph.apply(convolutions[norms.count], to: y)
    let before = (y.shape[3] - settings.frames) / 2
    return graph.slice(y, before..<before + settings.frames, axis: 3)
  }
}

extension SpectrogramDiscriminator: GraphLayer {
  /// The halvings, and what they leave in a row.
  public func lowered(_ x: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let slope = ActivationLayer.Function.leakyReLU(slope: settings.slope)
    var y = graph.function(slope, try graph.apply(convolutions[0], to: x))
    for (convolution, norm) in zip(convolutions.dropFirst(), norms) {
      y = graph.function(
        slope, try graph.apply(norm, to: graph.apply(convolution, to: y)))
    }
    return try graph.apply(head, to: graph.reshape(y, [y.shape.extents.reduce(1, *)]))
  }
}

import Foundation
import SentioModels
import SentioNN
import SentioTensor

@testable import SentioInterchange

/// Computes a graph with tensors, so that what is exported can be compared with the network without another program.
struct GraphInterpreter {
  let graph: NetworkGraph

  /// The output for an input.
  func callAsFunction(_ input: Tensor) -> Tensor {
    var values = [graph.input.number: input]
    for node in graph.nodes {
      let result = compute(node, node.inputs.map { values[$0.number]! })
      let expected = [node.output.shape.multiple * input.shape[0]] + node.output.shape.extents
      precondition(
        Array(result.shape) == expected,
        "\(node.operation) gives \(result.shape), and the graph says \(node.output.shape)")
      values[node.output.number] = result
    }
    return values[graph.output.number]!
  }

  private func constant(_ name: String) -> Tensor { graph.constants[name]! }

  private func constant(_ name: String?) -> Tensor? { name.map { graph.constants[$0]! } }

  private func compute(_ node: NetworkGraph.Node, _ inputs: [Tensor]) -> Tensor {
    let x = inputs[0]
    switch node.operation {
    case .linear(let weight, let bias): return x.linear(constant(weight), bias: constant(bias))
    case .rounded(let rounding):
      return Tensor(
        x.scalars.map {
          let step = min(
            255, max(0, ($0 / rounding.scale).rounded(.toNearestOrEven) + Float(rounding.zeroPoint))
          )
          return (step - Float(rounding.zeroPoint)) * rounding.scale
        }, shape: x.shape)
    case .convolution(let window):
      return window.kernel.count == 1
        ? x.convolved1D(
          constant(window.weight), bias: constant(window.bias), stride: window.strides[0],
          dilation: window.dilations[0], groups: window.groups, padding: .explicit(window.sides))
        : x.convolved2D(
          constant(window.weight), bias: constant(window.bias), stride: pair(window.strides),
          dilation: pair(window.dilations), groups: window.groups, padding: .explicit(window.sides))
    case .transposedConvolution(let window, let output):
      return window.kernel.count == 1
        ? x.transposedConvolved1D(
          constant(window.weight), bias: constant(window.bias), stride: window.strides[0],
          dilation: window.dilations[0], groups: window.groups, padding: .explicit(window.sides),
          outputPadding: output[0])
        : x.transposedConvolved2D(
          constant(window.weight), bias: constant(window.bias), stride: pair(window.strides),
          dilation: pair(window.dilations), groups: window.groups, padding: .explicit(window.sides),
          outputPadding: pair(output))
    case .batchNorm(let gain, let offset, let mean, let variance, let epsilon):
      return x.batchNormalized(
        by: RunningStatistics(mean: constant(mean), variance: constant(variance)),
        gain: constant(gain), offset: constant(offset), epsilon: epsilon)
    case .layerNorm(let gain, let offset, let epsilon):
      return x.layerNormalized(gain: constant(gain), offset: constant(offset), epsilon: epsilon)
    case .groupNorm(let groups, let gain, let offset, let epsilon):
      return x.groupNormalized(
        groups: groups, gain: constant(gain), offset: constant(offset), epsilon: epsilon)
    case .function(let function): return function(x)
    case .parametricReLU(let slopes):
      var layer = ParametricReLU(channels: constant(slopes).count)
      layer.weight = constant(slopes)
      return layer(x)
    case .pool(let window): return pool(window, x)
    case .globalPool(let isMaximum):
      return isMaximum ? x.globalMaxPooled() : x.globalAveragePooled()
    case .attention(let heads):
      return multiHeadAttention(inputs[0], inputs[1], inputs[2], heads: heads)
    case .recurrent(let layer): return recurrent(layer, x)
    case .rows(let name):
      let table = constant(name)
      return table.gathered(x.scalars.map { Int($0) })
        .reshaped(Array(x.shape) + [table.shape[1]])
    case .permute(let axes): return x.permuted(axes)
    case .reshape(let shape): return x.reshaped([-1] + shape.extents)
    case .concatenate(let axis): return Tensor.concatenate(inputs, axis: axis)
    case .prepend(let name):
      let tokens = constant(name)
      let first = tokens.broadcast(to: [x.shape[0], tokens.shape[1], tokens.shape[2]])
      return Tensor.concatenate([first, x], axis: 1)
    case .select(let index, let axis): return x.selected(index, axis: axis)
    case .slice(let range, let axis): return x.sliced(range, axis: axis)
    case .mean(let axes): return axes.reversed().reduce(x) { $0.mean(axes: $1) }
    case .add: return x + inputs[1]
    case .multiply: return x * inputs[1]
    case .addConstant(let name): return x + constant(name)
    case .multiplyConstant(let name): return x * constant(name)
    case .affine(let factor, let summand): return x * factor + summand
    case .resize(let size, let interpolation):
      return size.count == 1
        ? x.resized1D(to: size[0], interpolation) : x.resized2D(to: pair(size), interpolation)
    case .padLast(let before, let after, .zero):
      let sides = [before, after].map { Tensor.zeros([x.shape[0], $0]) }
      return Tensor.concatenate([sides[0], x, sides[1]], axis: 1)
    case .spectrum(let spectrum): return self.spectrum(spectrum, x)
    case .logarithm: return x.log()
    case .atLeast(let floor): return x.maximum(Tensor(floor))
    case .belowLargest: return x - x.max(axes: 1, 2, keepingAxes: true)
    case .isAudible:
      let largest = x.absolute().max(axes: 1, keepingAxes: true)
      return (largest .!= Tensor(0)).reshaped([-1, 1, 1])
    case .standardized: return SpectrogramInput.standardized(x)
    case .padLast, .stepMask, .masked:
      fatalError("\(node.operation) is computed by ONNX Runtime alone")
    }
  }

  /// The transform by its definition: a convolution with waves under the window.
  private func spectrum(_ spectrum: GraphSpectrum, _ x: Tensor) -> Tensor {
    let (length, bins) = (spectrum.fftLength, spectrum.fftLength / 2 + 1)
    let window = constant(spectrum.window).scalars
    let waves = Tensor(uninitialized: [2 * bins, 1, length]) { target in
      for row in 0..<2 * bins {
        for place in 0..<length {
          let angle = 2 * Double.pi * Double(row % bins * place) / Double(length)
          target[row * length + place] = window[place] * Float(row < bins ? cos(angle) : sin(angle))
        }
      }
    }
    let parts = x.expanded(at: 1).convolved1D(waves, stride: spectrum.hopLength).squared()
    let power = parts.sliced(..<bins, axis: 1) + parts.sliced(bins..., axis: 1)
    return (spectrum.isPower ? power : power.squareRoot()).permuted([0, 2, 1])
  }

  private func pair(_ values: [Int]) -> HeightWidth {
    HeightWidth(height: values[0], width: values[1])
  }

  private func pool(_ window: GraphPooling, _ x: Tensor) -> Tensor {
    // Padding of more than half of a window has no operation of its own.
    let (kernel, strides) = (window.kernel, window.strides)
    switch (kernel.count, window.isMaximum) {
    case (1, true):
      return x.maxPooled1D(kernel[0], stride: strides[0], padding: .explicit(window.sides))
    case (_, true):
      return x.maxPooled2D(
        pair(kernel), stride: pair(strides), padding: .explicit(window.sides))
    case (1, false):
      return x.averagePooled1D(
        kernel[0], stride: strides[0], padding: .explicit(window.sides),
        countsPadding: window.countsPadding)
    default:
      return x.averagePooled2D(
        pair(kernel), stride: pair(strides), padding: .explicit(window.sides),
        countsPadding: window.countsPadding)
    }
  }

  private func recurrent(_ layer: GraphRecurrence, _ x: Tensor) -> Tensor {
    let weights = layer.directions.map {
      RecurrentWeights(
        input: constant($0.input), recurrent: constant($0.recurrent),
        inputBias: constant($0.inputBias), recurrentBias: constant($0.recurrentBias))
    }
    let result = x.recurrent(
      layer.cell, weights[0], reverse: weights.count > 1 ? weights[1] : nil)
    return layer.givesLast ? result.state.hidden : result.output
  }
}

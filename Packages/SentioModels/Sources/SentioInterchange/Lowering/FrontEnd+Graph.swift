import Foundation
import SentioDSP
import SentioModels
import SentioTensor

extension NetworkFrontEnd {
  /// The shape of what a graph with this front end is given: samples of a whole clip.
  ///
  /// - Returns: `[samples]`.
  /// - Throws: ``InterchangeError`` for front ends that no graph computes.
  func samplesShape() throws -> [Int] {
    switch input {
    case .spectrogram(let input): [input.sampleCount]
    case .filterBank(let input):
      [(input.frameCount - 1) * input.filterbank.shiftLength + input.filterbank.frameLength]
    case .sequence, .segments:
      throw InterchangeError.unsupported(
        path: "front end",
        reason: "features of steps and segments are not exported, "
          + "spectrograms and AST's filter bank are; leave out --embed-front-end")
    }
  }

  /// Adds the operations that make a network's input of samples.
  ///
  /// - Parameters:
  ///   - samples: `[N, samples]`.
  ///   - graph: takes the operations.
  /// - Returns: the network's input.
  /// - Throws: ``InterchangeError`` for front ends that no graph computes.
  func lowered(_ samples: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    switch input {
    case .spectrogram(let input): try input.lowered(samples, in: &graph)
    case .filterBank(let input): try input.lowered(samples, in: &graph)
    case .sequence, .segments:
      throw graph.unsupported("features of steps and segments are not exported")
    }
  }
}

extension SpectrogramInput {
  /// Frames, their spectrum, mel bands, decibels, the range from 0 to 1, and the form that the network takes.
  func lowered(_ samples: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let reach = frontEnd.fftLength / 2
    var padded = samples
    if case .centered(let padding) = frontEnd.framing {
      let mode: GraphPadding =
        switch padding {
        case .zero: .zero
        case .reflect: .reflect
        case .edge: .edge
        }
      padded = graph.pad(samples, before: reach, after: reach, mode)
    }
    let window = graph.table(
      "front_end.window", Tensor(frontEnd.window.coefficients(count: frontEnd.fftLength)))
    let bank = frontEnd.melFilterBank
    let weights = graph.table(
      "front_end.mel", Tensor(bank.denseWeights, shape: [bank.bandCount, bank.binCount]))
    // [N, frames, bins] -> [N, frames, mels]
    let spectrum = graph.spectrum(
      padded, window: window, hop: frontEnd.hopLength, isPower: frontEnd.quantity == .power)
    let bands = try graph.linear(spectrum, weights, bias: nil)
    let floored = graph.atLeast(bands, Float(frontEnd.decibels.floor))
    // What is taken off every level, the reference among it, is taken off the largest one too: levels re the largest.
    let levels = graph.affine(graph.logarithm(floored), factor: Float(10 / log(10.0)))
    let range = Float(frontEnd.decibels.dynamicRange ?? 80)
    var unit = graph.affine(graph.belowLargest(levels), factor: 1 / range, summand: 1)
    unit = graph.atLeast(unit, 0)
    // Digital silence is 0 everywhere, and not everywhere the loudest.
    unit = graph.multiply(unit, graph.isAudible(samples))
    let picture = graph.reshape(
      graph.permute(unit, [0, 2, 1]), [1, frontEnd.melBands, unit.shape[1]])
    guard let scaling = form.scaling else {
      return form == .unit ? picture : graph.standardized(picture)
    }
    return try Self.picture(picture, scaling, in: &graph)
  }

  /// A picture of another size, in channels of a mean and a deviation each.
  private static func picture(
    _ x: GraphValue, _ scaling: PictureScaling, in graph: inout GraphBuilder
  ) throws -> GraphValue {
    let (size, count) = (scaling.size, scaling.mean.count)
    let (rows, columns) = (x.shape[2], x.shape[3])
    // An axis is resized by a product: the weights are what resizing makes of the unit vectors.
    var y = x
    if columns != size.width {
      let weights = resizing(columns, to: size.width)
      y = try graph.linear(y, graph.table("front_end.columns", weights), bias: nil)
    }
    if rows != size.height {
      let weights = resizing(rows, to: size.height)
      y = graph.permute(y, [0, 1, 3, 2])
      y = try graph.linear(y, graph.table("front_end.rows", weights), bias: nil)
      y = graph.permute(y, [0, 1, 3, 2])
    }
    let channels = graph.concatenate(Array(repeating: y, count: count), axis: 1)
    let scale = scaling.standardDeviation.map { 1 / $0 }
    let shift = zip(scaling.mean, scale).map { -$0 * $1 }
    let scaled = graph.multiply(
      channels, graph.table("front_end.scale", Tensor(scale, shape: [count, 1, 1])))
    return graph.add(scaled, graph.table("front_end.shift", Tensor(shift, shape: [count, 1, 1])))
  }

  /// The weights of a signal's resizing with antialiasing, `[target, source]`.
  private static func resizing(_ source: Int, to target: Int) -> Tensor {
    var unit = Tensor.zeros([1, 1, source, source])
    unit.withUnsafeMutableBufferPointer { elements in
      for index in 0..<source { elements[index * source + index] = 1 }
    }
    // Rows are unit vectors: [source, target], the other way round.
    return unit.resized2D(to: HeightWidth(height: source, width: target), antialiased: true)
      .reshaped([source, target]).transposed()
  }
}

extension ASTFrontEnd {
  /// Kaldi's filter bank: everything up to the spectrum is linear in a frame's samples, and so one convolution.
  func lowered(_ samples: GraphValue, in graph: inout GraphBuilder) throws -> GraphValue {
    let settings = filterbank
    let bins = settings.transformLength / 2 + 1
    let frames = graph.table("front_end.frames", Self.frameWeights(settings))
    let signal = graph.reshape(samples, [1] + samples.shape.extents)
    // [N, 1, samples] -> [N, 2·bins, frames]: real parts, then imaginary ones.
    let parts = try graph.convolution(
      signal, frames, bias: nil, strides: [settings.shiftLength])
    let squares = graph.reshape(graph.multiply(parts, parts), [2, bins, parts.shape[2]])
    let power = graph.affine(graph.mean(squares, axes: [1]), factor: 2)
    let bank = try KaldiFilterbank(settings)
    let weights = graph.table(
      "front_end.mel", Tensor(bank.denseWeights, shape: [melCount, bins]))
    let bands = try graph.linear(graph.permute(power, [0, 2, 1]), weights, bias: nil)
    let levels = graph.logarithm(graph.atLeast(bands, .ulpOfOne))
    let scale = 1 / (2 * standardDeviation)
    return graph.affine(levels, factor: scale, summand: -mean * scale)
  }

  /// What mean removal, emphasis, window and transform together make of each sample of a frame, `[2·bins, 1, length]`.
  private static func frameWeights(_ settings: KaldiConfiguration) -> Tensor {
    let (length, bins) = (settings.frameLength, settings.transformLength / 2 + 1)
    let window = settings.window.coefficients(count: length, symmetry: .symmetric)
    let emphasis = Double(settings.preEmphasis)
    return Tensor(uninitialized: [2 * bins, 1, length]) { target in
      for row in 0..<2 * bins {
        let bin = row % bins
        // The transform's row under the window.
        var weights = (0..<length).map { place in
          let angle = 2 * Double.pi * Double(bin * place) / Double(settings.transformLength)
          return Double(window[place]) * (row < bins ? cos(angle) : -sin(angle))
        }
        // y[n] = x[n] − a·x[n − 1], and y[0] = x[0] − a·x[0]: each weight meets its own sample and the one before.
        let own = weights
        for place in 0..<length - 1 { weights[place] -= emphasis * own[place + 1] }
        weights[0] -= emphasis * own[0]
        // What is taken off as the mean is shared by all samples.
        let share = settings.removesMean ? weights.reduce(0, +) / Double(length) : 0
        for place in 0..<length { target[row * length + place] = Float(weights[place] - share) }
      }
    }
  }
}

extension GraphBuilder {
  /// Something beside the last axis.
  fileprivate mutating func pad(
    _ x: GraphValue, before: Int, after: Int, _ padding: GraphPadding
  ) -> GraphValue {
    var shape = x.shape
    shape.extents[shape.extents.count - 1] += before + after
    return add(.padLast(before: before, after: after, padding), [x], shape)
  }

  /// Frames of a signal transformed: `[N, samples]` to `[N, frames, bins]`.
  fileprivate mutating func spectrum(
    _ x: GraphValue, window: GraphConstant, hop: Int, isPower: Bool
  ) -> GraphValue {
    let length = window.shape[0]
    let spectrum = GraphSpectrum(
      window: window.name, fftLength: length, hopLength: hop, isPower: isPower)
    let frames = (x.shape[1] - length) / hop + 1
    return add(.spectrum(spectrum), [x], GraphShape([frames, length / 2 + 1]))
  }

  fileprivate mutating func atLeast(_ x: GraphValue, _ floor: Float) -> GraphValue {
    add(.atLeast(floor), [x], x.shape)
  }

  fileprivate mutating func logarithm(_ x: GraphValue) -> GraphValue {
    add(.logarithm, [x], x.shape)
  }

  fileprivate mutating func belowLargest(_ x: GraphValue) -> GraphValue {
    add(.belowLargest, [x], x.shape)
  }

  fileprivate mutating func standardized(_ x: GraphValue) -> GraphValue {
    add(.standardized(epsilon: 1e-6), [x], x.shape)
  }

  /// 1 for examples of which a sample is not 0, `[N, 1, 1]`.
  fileprivate mutating func isAudible(_ x: GraphValue) -> GraphValue {
    add(.isAudible, [x], GraphShape([1, 1]))
  }
}

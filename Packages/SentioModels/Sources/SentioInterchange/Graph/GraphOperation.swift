import SentioDSP
import SentioNN
import SentioTensor

/// What a node of a graph computes; constants are meant by their names.
enum GraphOperation: Sendable, Hashable {
  /// Weighted sums of the last axis, weight `[O, I]`.
  case linear(weight: String, bias: String?)
  /// Every number as the nearest that 8 bits can hold.
  case rounded(ActivationQuantization)
  /// Windows of weights over `[N, C, …]`.
  case convolution(GraphConvolution)
  /// The same from outputs to inputs.
  case transposedConvolution(GraphConvolution, outputPadding: [Int])
  /// Channels second, by running statistics.
  case batchNorm(gain: String?, offset: String?, mean: String, variance: String, epsilon: Float)
  /// The last axis.
  case layerNorm(gain: String?, offset: String?, epsilon: Float)
  /// Groups of the second axis.
  case groupNorm(groups: Int, gain: String?, offset: String?, epsilon: Float)
  /// A function of every element or row.
  case function(ActivationLayer.Function)
  /// Slopes below 0, one for all channels or one for each.
  case parametricReLU(slopes: String)
  /// Windows over `[N, C, …]`.
  case pool(GraphPooling)
  /// All places of each channel: `[N, C, …]` to `[N, C]`.
  case globalPool(isMaximum: Bool)
  /// Attention of queries, keys and values `[N, L, D]` in heads.
  case attention(heads: Int)
  /// One layer of a recurrent network, `[N, L, D]`.
  case recurrent(GraphRecurrence)
  /// For each number `[N, L]`, which is whole, the row of a constant: `[N, L, E]`.
  case rows(String)
  /// Axes in another order.
  case permute([Int])
  /// Other extents; the first axis takes what is left.
  case reshape(GraphShape)
  /// One value after the other along an axis.
  case concatenate(axis: Int)
  /// A constant `[1, T, D]` before every example's `[L, D]`.
  case prepend(String)
  /// One place of an axis, which vanishes.
  case select(index: Int, axis: Int)
  /// A range of places of an axis.
  case slice(Range<Int>, axis: Int)
  /// The mean along axes, which vanish.
  case mean(axes: [Int])
  /// The sum of two values of one shape.
  case add
  /// The product of two values of one shape, or of one with fewer rows or columns.
  case multiply
  /// The sum with a constant, broadcast.
  case addConstant(String)
  /// The product with a constant, broadcast.
  case multiplyConstant(String)
  /// `x · factor + summand`.
  case affine(factor: Float, summand: Float)
  /// Another size of the axes behind the second.
  case resize([Int], Interpolation)
  /// `[N, samples]` to `[N, frames, bins]`, the power of the transform; magnitude if asked.
  case spectrum(GraphSpectrum)
  /// The natural logarithm.
  case logarithm
  /// What is below a number raised to it.
  case atLeast(Float)
  /// The largest element of an example taken away from all.
  case belowLargest
  /// 1 for examples of which an element is not 0, `[N, 1, 1]`.
  case isAudible
  /// Mean 0 and deviation 1 over all elements of an example; deviations below `epsilon` count as that.
  case standardized(epsilon: Float)
  /// Zeros, or the mirrored signal, beside the last axis.
  case padLast(before: Int, after: Int, GraphPadding)
  /// Whether a step counts, `[N, 1, L]`, from the graph's lengths divided (rounded up) by a number.
  case stepMask(steps: Int, divisor: Int)
  /// Two values `x`, mask: x where the mask is 1, 0 elsewhere.
  case masked

  /// The constants that the operation uses.
  var constants: [String] {
    switch self {
    case .linear(let weight, let bias): [weight] + (bias.map { [$0] } ?? [])
    case .convolution(let window), .transposedConvolution(let window, _):
      [window.weight] + (window.bias.map { [$0] } ?? [])
    case .batchNorm(let gain, let offset, let mean, let variance, _):
      [gain, offset, mean, variance].compactMap { $0 }
    case .layerNorm(let gain, let offset, _), .groupNorm(_, let gain, let offset, _):
      [gain, offset].compactMap { $0 }
    case .parametricReLU(let name), .prepend(let name), .rows(let name), .addConstant(let name),
      .multiplyConstant(let name):
      [name]
    case .recurrent(let layer): layer.directions.flatMap(\.constants)
    case .spectrum(let spectrum): [spectrum.window]
    default: []
    }
  }
}

/// A convolution's window: one number for each spatial axis.
struct GraphConvolution: Sendable, Hashable {
  var weight: String
  var bias: String?
  var kernel: [Int]
  var strides: [Int]
  var dilations: [Int]
  var groups: Int
  var sides: [ConvolutionPadding.Sides]
}

/// A pooling's window: one number for each spatial axis.
struct GraphPooling: Sendable, Hashable {
  var isMaximum: Bool
  /// Whether zeros beside the input count as elements of a mean.
  var countsPadding: Bool
  var kernel: [Int]
  var strides: [Int]
  var sides: [ConvolutionPadding.Sides]
}

/// One layer of a recurrent network: the weights of one direction or of two.
struct GraphRecurrence: Sendable, Hashable {
  struct Direction: Sendable, Hashable {
    var input: String
    var recurrent: String
    var inputBias: String?
    var recurrentBias: String?

    var constants: [String] { [input, recurrent] + [inputBias, recurrentBias].compactMap { $0 } }
  }

  var cell: RecurrentCell
  var units: Int
  var directions: [Direction]
  /// Whether the last state comes out instead of the sequence.
  var givesLast: Bool
  /// Whether the graph's lengths, divided (rounded up) by this number, say how many steps count; nil for all.
  var lengthDivisor: Int?
}

/// A transform of frames of a signal whose ends have been padded already.
struct GraphSpectrum: Sendable, Hashable {
  var window: String
  var fftLength: Int
  var hopLength: Int
  var isPower: Bool
}

/// What stands beside a signal.
enum GraphPadding: String, Sendable, Hashable {
  case zero
  case reflect
  case edge
}

import SentioNN
import SentioTensor

extension GoldenLayerTests {
  static let basicCases: [String: LayerCase] = [
    "linear": .layer { Linear(5, 3, from: &$0) },
    "linearGELU": .layer { stream in
      Sequential { Linear(5, 3, bias: false, activation: .gelu(), from: &stream) }
    },
    "prelu": .layer { _ in ParametricReLU(channels: 3) },
    "preluOne": .layer { _ in ParametricReLU() },
    "embedding": .module(
      { stream in Table(Embedding(7, 4, paddingIndex: 0, from: &stream)) },
      { $0.table([3, 0, 1, 5, 5, 0], shape: [2, 3]) * $1[0] }),
    "mlp": .layer(training: true) { stream in
      Sequential {
        Linear(6, 5, from: &stream)
        ActivationLayer(.relu)
        BatchNorm(5)
        Linear(5, 2, from: &stream)
      }
    },
    "activation.leakyReLU": .layer { _ in ActivationLayer(.leakyReLU(slope: 0.3)) },
    "activation.elu": .layer { _ in ActivationLayer(.elu(scale: 0.7)) },
    "activation.softplus": .layer { _ in ActivationLayer(.softplus) },
    "activation.relu6": .layer { _ in ActivationLayer(.relu6) },
    "activation.hardSwish": .layer { _ in ActivationLayer(.hardSwish) },
    "activation.softmax": .layer { _ in ActivationLayer(.softmax(axis: 1)) },
    "activation.logSoftmax": .layer { _ in ActivationLayer(.logSoftmax()) },
  ]

  static let normalizationCases: [String: LayerCase] = [
    "layerNorm": .layer { _ in LayerNorm(7) },
    "layerNormEpsilon": .layer { _ in LayerNorm(7, center: false, epsilon: 1e-3) },
    "groupNorm": .layer { _ in GroupNorm(6, groups: 3) },
    "batchNorm1D": .layer(training: true) { _ in BatchNorm(4) },
    "batchNorm1DRows": .layer(training: true) { _ in
      BatchNorm(4, update: .pyTorch(momentum: 0.3), epsilon: 1e-3)
    },
    "batchNorm2D": .layer(training: true) { _ in BatchNorm(3) },
    "batchNormInference": .layer { _ in BatchNorm(3) },
    "batchNormPlain": .layer(training: true) { _ in BatchNorm(4, scale: false, center: false) },
  ]

  static let padding = Tensor([1, 1, 1, 1, 1, 1, 1, 1, 0, 0], shape: [2, 5])

  static let attentionCases: [String: LayerCase] = [
    "self": .layer { MultiHeadAttention(6, heads: 3, from: &$0) },
    "causal": .layer { MultiHeadAttention(6, heads: 3, bias: false, isCausal: true, from: &$0) },
    "cross": .module(
      { MultiHeadAttention(6, heads: 2, from: &$0) },
      { $0($1[0], $1[1], $1[1], mask: .keys(padding)) }),
    "map": .module(
      { MultiHeadAttention(6, heads: 2, from: &$0) },
      { $0.map($1[0], $1[1], mask: .keys(padding)) }),
    "additive": .module(
      { AdditiveAttention(query: 4, key: 6, units: 7, from: &$0) },
      { $0($1[0], keys: $1[1], mask: .lengths([5, 3])).output }),
    "pooling": .module(
      { AttentionPooling(6, units: 7, from: &$0) },
      { $0($1[0], mask: .steps(padding)).output }),
  ]

  static let convolutionCases: [String: LayerCase] = [
    "conv1D": .layer {
      Conv1D(
        4, 6, kernel: 3, stride: 2, dilation: 2, groups: 2, padding: .symmetric(3), from: &$0)
    },
    "conv1DSame": .layer { Conv1D(3, 5, kernel: 4, padding: .same, bias: false, from: &$0) },
    "conv1DReLU": .layer { stream in
      Sequential { Conv1D(3, 5, kernel: 3, activation: .relu, from: &stream) }
    },
    // PyTorch pads by a layer of its own, which is layer 0.
    "conv1DCausal": .layer { stream in
      Sequential {
        Conv1D(3, 5, kernel: 3, dilation: 2, padding: .causal, from: &stream).keyed("1")
      }
    },
    "conv1DSameStride": .layer { stream in
      Sequential {
        Conv1D(3, 5, kernel: 3, stride: 2, padding: .same, from: &stream).keyed("1")
      }
    },
    "conv2D": .layer {
      Conv2D(
        3, 4, kernel: HeightWidth(height: 3, width: 2), stride: HeightWidth(height: 2, width: 1),
        dilation: HeightWidth(height: 1, width: 2),
        padding: .explicit([.init(before: 1, after: 1), .init(before: 2, after: 2)]), from: &$0)
    },
    "depthwise2D": .layer {
      Conv2D(3, 6, kernel: 3, groups: 3, padding: .symmetric(1), from: &$0)
    },
    "separable1D": .layer {
      SeparableConv1D(3, 5, kernel: 3, multiplier: 2, padding: .same, from: &$0)
    },
    "multiScale": .layer { .multiScale(4, 3, kernels: [3, 5, 7], from: &$0) as Parallel },
    "patches": .layer {
      PatchEmbedding(2, 5, patch: HeightWidth(height: 3, width: 2), stride: 2, from: &$0)
    },
  ]

  static let spatialCases: [String: LayerCase] = [
    "transposed1D": .layer {
      TransposedConv1D(
        4, 6, kernel: 4, stride: 3, groups: 2, padding: .symmetric(1), outputPadding: 1, from: &$0)
    },
    "transposed2D": .layer {
      TransposedConv2D(3, 2, kernel: 4, stride: 2, padding: .symmetric(1), from: &$0)
    },
    "maxPool1D": .layer { _ in Pool1D(.maximum, kernel: 3, stride: 2, padding: .symmetric(1)) },
    "averagePool1D": .layer { _ in Pool1D(.average(), kernel: 3, padding: .symmetric(1)) },
    "maxPool2D": .layer { _ in
      Pool2D(.maximum, kernel: HeightWidth(height: 2, width: 3), roundsUp: true)
    },
    "averagePool2D": .layer { _ in
      Pool2D(.average(countsPadding: false), padding: .symmetric(1))
    },
    "adaptivePool2D": .layer { _ in AdaptivePool(cells: HeightWidth(height: 2, width: 3)) },
    "adaptivePool1D": .layer { _ in AdaptivePool(.maximum, cells: 2) },
    "globalAverage": .layer { _ in GlobalPool() },
    "globalMaximum": .layer { _ in GlobalPool(.maximum) },
  ]

  static let recurrentCases: [String: LayerCase] = [
    "rnn": .layer { RecurrentLayer(.rnn(.relu), 4, 5, layers: 2, from: &$0) },
    "lstm": .layer { RecurrentLayer(.lstm, 4, 5, layers: 2, isBidirectional: true, from: &$0) },
    "lstmLast": .layer {
      RecurrentLayer(.lstm, 4, 5, isBidirectional: true, output: .last, from: &$0)
    },
    "lstmPacked": .module(
      { RecurrentLayer(.lstm, 4, 5, layers: 2, isBidirectional: true, from: &$0) },
      { $0($1[0], mask: .lengths([5, 2, 7])) }),
    "gru": .layer { RecurrentLayer(.gru(), 4, 5, isBidirectional: true, from: &$0) },
    "gruNoBias": .layer { RecurrentLayer(.gru(), 4, 5, bias: false, from: &$0) },
  ]
}

/// An embedding below a key.
private struct Table: Module {
  @Child var table: Embedding

  init(_ table: Embedding) { self.table = table }

  mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_table) }
}

import SentioModels
import SentioNN
import SentioTensor

/// The transformers over pictures and spectrograms, at full size.
let transformerWorkloads: [Workload] = bothPrecisions { name, precision in
  // The peers compute all tokens of the last block, of which the class token alone is read; ours leaves the others
  // out, and has rows of its own for it.
  [1, 8].flatMap { count in
    [
      prediction("model.vitb16.infer.b\(count).\(name)", in: precision) { stream in
        (AllTokens(from: &stream), .normal([count, 3, 224, 224], from: &stream))
      },
      prediction("model.vitb16.class-token.infer.b\(count).\(name)", in: precision) { stream in
        (VisionEmotionRegressor(from: &stream), .normal([count, 3, 224, 224], from: &stream))
      },
    ]
  } + [
    // As the peers have it: the last four blocks, the normalization after them and the head.
    training("model.vitb16.train-last4.b12.\(name)", in: precision, rate: 3e-5) { stream in
      let batch = emotionBatch([12, 3, 224, 224], from: &stream)
      return (AllTokens(lastBlocksOf: VisionEmotionRegressor(from: &stream)), batch)
    },
    training(
      "model.vitb16.class-token.train-last4.b12.\(name)", in: precision, rate: 3e-5
    ) { stream in
      let batch = emotionBatch([12, 3, 224, 224], from: &stream)
      return (VisionEmotionRegressor(from: &stream).trainingLastBlocks(), batch)
    },
    training("model.ast.train.b4.\(name)", in: precision, rate: 1e-4) { stream in
      let batch = emotionBatch([4, 1, 128, 1292], from: &stream)
      return (AudioEmotionTransformer(from: &stream), batch)
    },
    prediction("model.ast.infer.b1.\(name)", in: precision) { stream in
      (AudioEmotionTransformer(from: &stream), .normal([1, 1, 128, 1292], from: &stream))
    },
    training("model.published-ast.train.b1.\(name)", in: precision, rate: 1e-4) { stream in
      let x = Tensor.normal([1, 1024, 128], from: &stream)
      let network = AudioClassifier(labels: 527, from: &stream)
      let y = Tensor.uniform([1, 527], in: 0..<1, from: &stream)
      return (network, Batch(x) { binaryCrossEntropy(logits: $0, y) })
    },
    prediction("model.published-ast.infer.b1.\(name)", in: precision) { stream in
      let network = AudioClassifier(labels: 527, from: &stream)
      return (network, .normal([1, 1024, 128], from: &stream))
    },
  ]
}

extension VisionEmotionRegressor {
  /// The network with the last four blocks, the normalization after them and the head in training.
  fileprivate func trainingLastBlocks() -> Self {
    var network = self
    network.freeze()
    network.unfreeze(matching: "vit.encoder.layer.{8,9,10,11}")
    network.unfreeze(matching: "{vit.layernorm,head}")
    precondition(network.parameterCount.trainable > 28_000_000, "four blocks are in training")
    return network
  }
}

/// The network of the report with all tokens of the last block, as the peers compute it.
private struct AllTokens: Layer {
  var site = Site()
  @Child("") var network: VisionEmotionRegressor

  init(from stream: inout RandomStream) { network = VisionEmotionRegressor(from: &stream) }

  init(lastBlocksOf network: VisionEmotionRegressor) {
    self.network = network.trainingLastBlocks()
  }

  mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_network) }

  func forward(_ x: Tensor) -> Tensor {
    network.head(network.transformer(x).selected(0, axis: 1))
  }
}

/// The networks for small devices: the report's student, and MobileViT in its three sizes.
let mobileWorkloads: [Workload] = floatWorkloads + integerWorkloads

private let floatWorkloads: [Workload] = bothPrecisions { name, precision in
  [
    prediction("model.student.infer.b1.\(name)", in: precision) { stream in
      (StudentOfPeers(from: &stream), .normal([1, 3, 224, 224], from: &stream))
    },
    prediction("model.report-student.infer.b1.\(name)", in: precision) { stream in
      (MobileStudent(from: &stream), .normal([1, 3, 224, 224], from: &stream))
    },
    training("model.report-student.train.b12.\(name)", in: precision) { stream in
      let batch = emotionBatch([12, 3, 224, 224], from: &stream)
      return (MobileStudent(from: &stream), batch)
    },
  ]
    + sizesOfMobileViT.flatMap { size, settings in
      [
        prediction("model.mobilevit-\(size).infer.b1.\(name)", in: precision) { stream in
          let network = MobileClassifier(settings, labels: 1000, from: &stream)
          return (network, .normal([1, 3, 256, 256], from: &stream))
        },
        training("model.mobilevit-\(size).train.b8.\(name)", in: precision) { stream in
          let x = Tensor.normal([8, 3, 256, 256], from: &stream)
          let network = MobileClassifier(settings, labels: 1000, from: &stream)
          return (network, Batch(x) { crossEntropy(logits: $0, Array(0..<8)) })
        },
      ]
    }
}

/// The student in 8-bit integers: its blocks' linear layers, the rest in bfloat16.
private let integerWorkloads: [Workload] = [
  prediction("model.student.infer.b1.int8", in: .bfloat16) { stream in
    let x = Tensor.normal([1, 3, 224, 224], from: &stream)
    return (Integers(StudentOfPeers(from: &stream), x), x)
  },
  prediction("model.report-student.infer.b1.int8", in: .bfloat16) { stream in
    let x = Tensor.normal([1, 3, 224, 224], from: &stream)
    return (Integers(MobileStudent(from: &stream), x), x)
  },
]

/// A quantized network as a layer.
private struct Integers: Layer {
  let quantized: QuantizedNetwork

  init(_ network: some Layer, _ x: Tensor) {
    quantized = QuantizedNetwork(network, calibration: [x])
  }

  mutating func visitMembers(_ visit: inout MemberVisitor) {}

  func forward(_ x: Tensor) -> Tensor { quantized(x) }
}

private let sizesOfMobileViT: [(name: String, MobileViT.Settings)] = [
  ("xxs", .extraExtraSmall), ("xs", .extraSmall), ("s", .small),
]

/// The student as the peers' script has it: full patches, where ours filters each channel and mixes them, which
/// is less work.
struct StudentOfPeers: Layer {
  var site = Site()
  @Child("vit") var transformer: VisionTransformer
  @Child var head: Linear

  init(from stream: inout RandomStream) {
    let sizes = TransformerSettings(features: 384, layers: 8, heads: 6, innerFeatures: 768)
    transformer = VisionTransformer(.init(transformer: sizes), from: &stream)
    head = Linear(384, 2, activation: .tanh, from: &stream)
  }

  mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_transformer)
    visit(&_head)
  }

  func forward(_ x: Tensor) -> Tensor { head(transformer(x).selected(0, axis: 1)) }
}

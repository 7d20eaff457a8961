import SentioTensor

extension NetworkSettings {
  /// What is wrong with sizes that came from a file; nil where a network can be made of them.
  ///
  /// Every size has a bound, so that no product of them overflows, and the weights of the largest part are
  /// compared with what the file holds before memory is taken for them.
  ///
  /// - Parameter elements: the numbers that the file holds.
  /// - Returns: one sentence.
  public func fault(elements: Int) -> String? {
    var least = 0
    var fault: String?
    func check(_ holds: Bool, _ text: @autoclosure () -> String) {
      if !holds && fault == nil { fault = text() }
    }
    func check(_ name: String, _ value: Int, in range: ClosedRange<Int>) {
      check(
        range.contains(value),
        "\(name) must be from \(range.lowerBound) to \(range.upperBound), and is \(value)")
    }
    func check(_ settings: TransformerSettings) {
      check("the number of features", settings.features, in: 1...65_536)
      check("the number of layers", settings.layers, in: 0...1024)
      check("the number of heads", settings.heads, in: 1...1024)
      check("the inner features", settings.innerFeatures, in: 1...262_144)
      guard fault == nil else { return }
      check(
        settings.features % settings.heads == 0,
        "\(settings.heads) heads do not divide \(settings.features) features")
      for (name, value) in [
        ("dropout", settings.dropout), ("attention's dropout", settings.attentionDropout),
      ] {
        check(
          value >= 0 && value < 1, "the probability of \(name) must be from 0 to 1, and is \(value)"
        )
      }
      check(
        settings.epsilon > 0 && settings.epsilon < 1,
        "epsilon must be between 0 and 1, and is \(settings.epsilon)")
      let block =
        4 * settings.features * settings.features
        + 2 * settings.features * settings.innerFeatures
      least += settings.layers * block
    }
    func checkPicture(_ size: HeightWidth, patch: Int, channels: Int, features: Int) {
      check("the patch", patch, in: 1...1024)
      check("the height", size.height, in: 1...1_000_000)
      check("the width", size.width, in: 1...1_000_000)
      check("the number of channels", channels, in: 1...4096)
      guard fault == nil else { return }
      check(
        size.height >= patch && size.width >= patch,
        "a picture of \(size.height) × \(size.width) holds no patch of \(patch)")
      guard fault == nil else { return }
      least += (size.height / patch) * (size.width / patch) * features
      least += patch * patch * channels
    }
    func check(_ sizes: VisionTransformer.Settings) {
      check(sizes.transformer)
      checkPicture(
        sizes.imageSize, patch: sizes.patchSize, channels: sizes.channels,
        features: sizes.transformer.features)
    }
    func check(_ sizes: AudioSpectrogramTransformer.Settings) {
      check(sizes.transformer)
      check("the stride over mel bands", sizes.stride.height, in: 1...1024)
      check("the stride over frames", sizes.stride.width, in: 1...1024)
      guard fault == nil else { return }
      checkPicture(
        HeightWidth(height: sizes.mels, width: sizes.frames), patch: sizes.patchSize, channels: 1,
        features: sizes.transformer.features)
      guard fault == nil else { return }
      let rows = (sizes.mels - sizes.patchSize) / sizes.stride.height + 1
      let columns = (sizes.frames - sizes.patchSize) / sizes.stride.width + 1
      least +=
        max(0, rows * columns - (sizes.mels / sizes.patchSize) * (sizes.frames / sizes.patchSize))
        * sizes.transformer.features
    }
    func check(_ sizes: MobileViT.Settings) {
      check(
        sizes.features.count == 3,
        "3 transformers are expected, and there are \(sizes.features.count)")
      check(sizes.widths.count == 7, "7 widths are expected, and there are \(sizes.widths.count)")
      check(sizes.depths.count == 3, "3 depths are expected, and there are \(sizes.depths.count)")
      check("the patch", sizes.patchSize, in: 1...64)
      check("the kernel", sizes.kernel, in: 1...31)
      check(sizes.kernel % 2 == 1, "the kernel must be odd, and is \(sizes.kernel)")
      check("the number of channels", sizes.channels, in: 1...4096)
      check("the number of heads", sizes.heads, in: 1...1024)
      check(
        sizes.expansion > 0 && sizes.expansion <= 64,
        "the expansion must be above 0 and at most 64, and is \(sizes.expansion)")
      check(
        sizes.innerRatio > 0 && sizes.innerRatio <= 64,
        "the inner ratio must be above 0 and at most 64, and is \(sizes.innerRatio)")
      check(
        sizes.dropout >= 0 && sizes.dropout < 1 && sizes.attentionDropout >= 0
          && sizes.attentionDropout < 1,
        "probabilities must be from 0 to 1, and are \(sizes.dropout) and \(sizes.attentionDropout)")
      check(
        sizes.epsilon > 0 && sizes.epsilon < 1,
        "epsilon must be between 0 and 1, and is \(sizes.epsilon)")
      for width in sizes.widths { check("a width", width, in: 1...16_384) }
      for (features, depth) in zip(sizes.features, sizes.depths) {
        check("the number of features", features, in: 1...16_384)
        check("the number of layers", depth, in: 0...256)
        guard fault == nil else { return }
        check(
          features % sizes.heads == 0, "\(sizes.heads) heads do not divide \(features) features")
        check(
          Int(Float(features) * sizes.innerRatio) >= 1, "the inner ratio leaves no inner features")
        least += depth * 4 * features * features
      }
      guard fault == nil else { return }
      for (width, next) in zip(sizes.widths, sizes.widths.dropFirst()) { least += width * next }
    }
    switch self {
    case .visionTransformer(let sizes), .visionEmotion(let sizes): check(sizes)
    case .visionClassifier(let sizes, let labels):
      check(sizes)
      check("the number of labels", labels, in: 1...1_000_000)
      least += labels
    case .audioTransformer(let sizes), .publishedAudioEmotion(let sizes): check(sizes)
    case .audioClassifier(let sizes, let labels):
      check(sizes)
      check("the number of labels", labels, in: 1...1_000_000)
      least += labels
    case .audioEmotion(let sizes):
      check(sizes.transformer)
      checkPicture(
        sizes.spectrogramSize, patch: sizes.patchSize, channels: 1,
        features: sizes.transformer.features)
    case .mobileViT(let sizes): check(sizes)
    case .mobileClassifier(let sizes, let labels):
      check(sizes)
      check("the number of labels", labels, in: 1...1_000_000)
      least += labels
    case .mobileStudent(let sizes):
      check(sizes.transformer)
      checkPicture(
        sizes.imageSize, patch: sizes.patchSize, channels: sizes.channels,
        features: sizes.transformer.features)
    case .crnn(let sizes): fault = sizes.fault(adding: &least)
    case .spectrogramCRNN(let sizes): fault = sizes.fault(adding: &least)
    case .sequenceEmotion(let sizes): fault = sizes.fault(adding: &least)
    case .genreMLP(let sizes): fault = sizes.fault(adding: &least)
    case .genreCNN(let sizes): fault = sizes.fault(adding: &least)
    case .genreRecurrent(let sizes): fault = sizes.fault(adding: &least)
    case .sequenceClassifier(let sizes): fault = sizes.fault(adding: &least)
    case .sequenceLabeler(let sizes): fault = sizes.fault(adding: &least)
    case .sequenceTranslator(let sizes): fault = sizes.fault(adding: &least)
    case .sequenceGenerator(let sizes): fault = sizes.fault(adding: &least)
    case .spectrogramGenerator(let sizes): fault = sizes.fault(adding: &least)
    case .spectrogramDiscriminator(let sizes): fault = sizes.fault(adding: &least)
    }
    if fault == nil && least > elements {
      fault =
        "a network of these sizes has at least \(least) numbers, and the file holds \(elements)"
    }
    return fault
  }
}

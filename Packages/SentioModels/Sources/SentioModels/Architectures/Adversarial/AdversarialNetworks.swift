import Foundation
import SentioClassical
import SentioMetrics
import SentioNN
import SentioTensor

/// A generator and a discriminator that are trained against each other.
///
/// ```swift
/// var stream = RandomStream(seed: 1, "GAN")
/// let networks = AdversarialNetworks(mels: 64, frames: 160, width: 0.25, from: &stream)
/// ```
public struct AdversarialNetworks: Module {
  /// What makes spectrograms.
  @Child public var generator: SpectrogramGenerator
  /// What tells them from real ones.
  @Child public var discriminator: SpectrogramDiscriminator

  /// Takes two networks of one size of spectrogram.
  ///
  /// - Parameters:
  ///   - generator: what makes spectrograms.
  ///   - discriminator: what tells them from real ones.
  public init(generator: SpectrogramGenerator, discriminator: SpectrogramDiscriminator) {
    precondition(
      generator.settings.mels == discriminator.settings.mels
        && generator.settings.frames == discriminator.settings.frames,
      "a generator of \(generator.settings.mels) x \(generator.settings.frames) and a discriminator of "
        + "\(discriminator.settings.mels) x \(discriminator.settings.frames)")
    self.generator = generator
    self.discriminator = discriminator
  }

  /// Creates the report's networks, or narrower ones for smaller spectrograms.
  ///
  /// - Parameters:
  ///   - mels: the mel bands, a multiple of 16.
  ///   - frames: the frames, at least 16.
  ///   - width: what the generator's channels of 1024, 256, 128 and 64 are multiplied by, above 0. The discriminator's
  ///     32, 64, 128 and 256 are multiplied by its root: it is small already, and much narrower it would lose to a
  ///     generator of two updates a batch.
  ///   - noise: the numbers of noise.
  ///   - range: what ±1 stands for.
  ///   - emotionGain: what valence and arousal are multiplied by on their way into the generator.
  ///   - readsEmotions: whether the discriminator has a second head, which says the emotion.
  ///   - stream: the stream to draw from.
  public init(
    mels: Int = 128, frames: Int = 1292, width: Double = 1, noise: Int = 100,
    range: SpectrogramRange = SpectrogramRange(), emotionGain: Float = 1,
    readsEmotions: Bool = false, from stream: inout RandomStream
  ) {
    func scaled(_ count: Int, _ factor: Double) -> Int {
      max(1, Int((Double(count) * factor).rounded()))
    }
    let generator = SpectrogramGenerator.Settings(
      mels: mels, frames: frames, noise: noise, gridChannels: scaled(1024, width),
      filters: [256, 128, 64].map { scaled($0, width) }, range: range, emotionGain: emotionGain)
    let discriminator = SpectrogramDiscriminator.Settings(
      mels: mels, frames: frames,
      filters: [32, 64, 128, 256].map { scaled($0, width.squareRoot()) },
      readsEmotions: readsEmotions)
    self.init(
      generator: SpectrogramGenerator(generator, from: &stream),
      discriminator: SpectrogramDiscriminator(discriminator, from: &stream))
  }

  /// Hands over the two networks.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_generator)
    visit(&_discriminator)
  }

  /// Writes `generator.sentio` and `discriminator.sentio`, each whole or not at all.
  ///
  /// - Parameters:
  ///   - folder: the folder, which must exist.
  ///   - frontEnd: the settings of the front end whose spectrograms were learned, as JSON text.
  ///   - provenance: where the weights come from.
  /// - Throws: `FileError`.
  public func write(
    to folder: URL, frontEnd: String? = nil, provenance: Provenance = Provenance()
  ) throws {
    func file(_ network: any Layer, _ settings: NetworkSettings) -> NetworkFile {
      NetworkFile(
        network,
        NetworkFile.Configuration(
          settings, labelScale: .unit, frontEnd: frontEnd, provenance: provenance))
    }
    try file(discriminator, .spectrogramDiscriminator(discriminator.settings))
      .write(to: folder.appending(path: Self.discriminatorName))
    try file(generator, .spectrogramGenerator(generator.settings))
      .write(to: folder.appending(path: Self.generatorName))
  }

  /// Reads the two files that ``write(to:frontEnd:provenance:)`` wrote.
  ///
  /// - Parameter folder: the folder.
  /// - Throws: what reading a ``NetworkFile`` throws, and `ModelFileError` where a file holds another network or the two
  ///   are of different sizes.
  public init(contentsOf folder: URL) throws {
    func network<Network: Layer>(_ name: String, _ expected: String) throws -> (Network, URL) {
      let url = folder.appending(path: name)
      let file = try NetworkFile(contentsOf: url)
      guard let network = file.network as? Network else {
        throw ModelFileError(
          path: url.path, part: "network", expected: expected,
          found: file.configuration.network.title)
      }
      return (network, url)
    }
    let (generator, _): (SpectrogramGenerator, URL) = try network(Self.generatorName, "a generator")
    let (discriminator, url): (SpectrogramDiscriminator, URL) = try network(
      Self.discriminatorName, "a discriminator")
    let (made, judged) = (generator.settings, discriminator.settings)
    guard made.mels == judged.mels && made.frames == judged.frames else {
      throw ModelFileError(
        path: url.path, part: "sizes",
        expected: "\(made.mels) x \(made.frames), as the generator's",
        found: "\(judged.mels) x \(judged.frames)")
    }
    self.init(generator: generator, discriminator: discriminator)
  }

  /// The name of the generator's file in a folder.
  public static let generatorName = "generator.sentio"
  /// The name of the discriminator's file in a folder.
  public static let discriminatorName = "discriminator.sentio"
}

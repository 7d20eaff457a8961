import SentioModels
import SentioNN
import SentioReport
import SentioTensor

/// The parameters of the report's networks, counted on the networks as it draws them, beside what it claims.
enum DrawnSizes {
  /// Counts them; each network is made for it and let go of.
  ///
  /// - Parameter trained: the parameters of the networks that this run trained, by their keys.
  /// - Returns: one entry a network.
  static func counts(trained: [String: Int]) -> [SentioReport.ParameterCount] {
    func count(_ network: any Layer) -> Int { network.parameterCount.total }
    func drawn(_ architecture: NetworkArchitecture) -> Int {
      var stream = RandomStream(seed: 0, "sizes")
      return count(architecture.drawnNetwork.makeNetwork(from: &stream))
    }
    var stream = RandomStream(seed: 0, "sizes")
    let networks = AdversarialNetworks(mels: 128, frames: 1292, width: 1, from: &stream)
    return [
      SentioReport.ParameterCount(
        network: "CRNN", counted: drawn(.crnn), trained: trained["crnn"], claimedLower: 5.8e6,
        claimedUpper: 5.8e6),
      SentioReport.ParameterCount(
        network: "AST", counted: drawn(.ast), trained: trained["ast"], claimedLower: 10.5e6,
        claimedUpper: 10.5e6),
      SentioReport.ParameterCount(
        network: "ViT", counted: drawn(.vit), trained: trained["vit"], claimedLower: 86e6,
        claimedUpper: 86e6),
      SentioReport.ParameterCount(
        network: "student", counted: drawn(.student), trained: trained["mobilevit"],
        claimedLower: 5e6, claimedUpper: 8e6),
      SentioReport.ParameterCount(
        network: "GAN, generator", counted: networks.generator.parameterCount.total,
        claimedLower: 73e6, claimedUpper: 73e6),
      SentioReport.ParameterCount(
        network: "GAN, discriminator", counted: networks.discriminator.parameterCount.total,
        claimedLower: 5e6, claimedUpper: 5e6),
    ]
  }
}

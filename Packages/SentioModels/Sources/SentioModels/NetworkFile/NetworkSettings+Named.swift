import Foundation
import SentioClassical
import SentioTensor

extension NetworkSettings {
  /// The names of all networks, as ``init(named:changes:labels:)`` takes them.
  public static var names: [String] { defaults(labels: 1).map(\.name) }

  /// A network of the published or the report's sizes, or of others.
  ///
  /// ```swift
  /// let tiny = try NetworkSettings(
  ///   named: "visionEmotion", changes: ["imageSize": ["height": 32, "width": 32], "transformer": ["layers": 2]])
  /// ```
  ///
  /// - Parameters:
  ///   - name: one of ``names``.
  ///   - changes: values by the names of settings, as JSON has them; tables are merged, all else is replaced.
  ///   - labels: the logits of networks that have some.
  /// - Throws: `ModelFileError` with the name or the setting that is wrong.
  public init(
    named name: String, changes: [String: any Sendable] = [:], labels: Int = 10
  ) throws {
    func error(_ part: String, _ expected: String, _ found: String) -> ModelFileError {
      ModelFileError(path: "settings", part: part, expected: expected, found: found)
    }
    guard let settings = Self.defaults(labels: labels).first(where: { $0.name == name })?.settings
    else {
      throw error("network", "one of " + Self.names.joined(separator: ", "), name)
    }
    guard !changes.isEmpty else {
      self = settings
      return
    }
    // A case is coded as its name, and the sizes in it as its first value.
    let data = try JSONEncoder().encode(settings)
    guard var table = try JSONSerialization.jsonObject(with: data) as? [String: Any],
      var body = table[name] as? [String: Any], let sizes = body["_0"] as? [String: Any]
    else { preconditionFailure("settings of \(name) are coded in another way") }
    body["_0"] = try Self.merged(sizes, changes, "", error)
    table[name] = body
    do {
      self = try JSONDecoder().decode(
        Self.self, from: JSONSerialization.data(withJSONObject: table))
    } catch let failure as DecodingError {
      throw error(name, "settings of the right kinds", "\(failure)")
    }
    if let fault = fault(elements: .max) { throw error(name, "sizes of a network", fault) }
  }

  private static func merged(
    _ table: [String: Any], _ changes: [String: Any], _ path: String,
    _ error: (String, String, String) -> ModelFileError
  ) throws -> [String: Any] {
    var result = table
    for (key, value) in changes {
      guard let old = table[key] else {
        throw error(
          path + key, "one of " + table.keys.sorted().joined(separator: ", "), "another setting")
      }
      if let old = old as? [String: Any], let value = value as? [String: Any] {
        result[key] = try merged(old, value, path + key + ".", error)
      } else {
        result[key] = value
      }
    }
    return result
  }

  /// Every network by its case's name, in its published size.
  private static func defaults(labels: Int) -> [(name: String, settings: NetworkSettings)] {
    [
      ("visionTransformer", .visionTransformer(.base16)),
      ("visionClassifier", .visionClassifier(.base16, labels: labels)),
      ("visionEmotion", .visionEmotion(.base16)),
      ("audioTransformer", .audioTransformer(.init())),
      ("audioClassifier", .audioClassifier(.init(), labels: labels)),
      ("publishedAudioEmotion", .publishedAudioEmotion(.init())),
      ("audioEmotion", .audioEmotion(.init())),
      ("mobileViT", .mobileViT(.extraSmall)),
      ("mobileClassifier", .mobileClassifier(.extraSmall, labels: labels)),
      ("mobileStudent", .mobileStudent(.init())),
      ("crnn", .crnn(.init())),
      ("spectrogramCRNN", .spectrogramCRNN(.init())),
      ("sequenceEmotion", .sequenceEmotion(.init())),
      ("genreMLP", .genreMLP(.init(genres: labels))),
      ("genreCNN", .genreCNN(.init(genres: labels))),
      ("genreRecurrent", .genreRecurrent(.init(genres: labels))),
      (
        "sequenceClassifier",
        .sequenceClassifier(
          .init(features: 13, outputs: labels, RecurrentStack(.lstm, units: 64)))
      ),
      (
        "sequenceLabeler",
        .sequenceLabeler(.init(features: 13, outputs: labels, RecurrentStack(.lstm, units: 64)))
      ),
      (
        "sequenceTranslator",
        .sequenceTranslator(
          .init(
            .tokens(vocabulary: 32, embedding: 16), targets: labels,
            RecurrentStack(.gru, units: 64), attention: 32))
      ),
      (
        "sequenceGenerator",
        .sequenceGenerator(
          .init(vocabulary: labels, embedding: 24, RecurrentStack(.lstm, units: 96)))
      ),
      ("spectrogramGenerator", .spectrogramGenerator(.init())),
      ("spectrogramDiscriminator", .spectrogramDiscriminator(.init())),
    ]
  }
}

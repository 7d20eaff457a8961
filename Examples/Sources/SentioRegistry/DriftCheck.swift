import SentioMetrics

/// Whether new songs are like those that a registered model was trained on.
public struct DriftCheck: Encodable, Sendable {
  /// The model.
  public var run: RunSummary
  /// Features of the training songs that the new songs' table lacks; they were not compared.
  public var missingColumns: [String]
  /// The comparison.
  public var drift: PopulationDrift
}

extension Registry {
  /// Compares new songs with the songs that a model was trained on, feature by feature and together.
  ///
  /// - Parameters:
  ///   - reference: as of ``run(_:)``.
  ///   - songs: the new songs' features; columns that the model does not know are passed over.
  ///   - alpha: the probability below which a change counts as real.
  /// - Returns: the verdict, and what moved.
  /// - Throws: ``RegistryError`` where no training features were stored or no column is common;
  ///   `MetricsError` for too few songs.
  public func drift(
    of reference: String, in songs: FeatureSample, alpha: Double = 0.01
  ) throws -> DriftCheck {
    let run = try run(reference)
    guard let training = try trainingFeatures(reference) else {
      throw RegistryError.notStored(
        version: run.version, what: "the training songs' features",
        fix: "only models that were trained on a table of features have them; name one of those")
    }
    let places = Dictionary(
      songs.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    let common = training.columns.filter { places[$0] != nil }
    guard !common.isEmpty else {
      throw RegistryError.invalid(
        field: "the new songs' features",
        reason:
          "none of the \(training.columns.count) columns of \(run.version) is among them, such as "
          + "\(training.columns[0]); measure them with the same feature set")
    }
    let own = Dictionary(
      training.columns.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    func rows(_ sample: FeatureSample, _ places: [String: Int]) -> [Double] {
      let width = sample.columns.count
      let chosen = common.compactMap { places[$0] }
      return (0..<sample.songCount).flatMap { song in
        // Rounded as the stored songs are.
        chosen.map { Double(Float(sample.rows[song * width + $0])) }
      }
    }
    return DriftCheck(
      run: run, missingColumns: training.columns.filter { places[$0] == nil },
      drift: try PopulationDrift(
        reference: rows(training, own), new: rows(songs, places), columns: common, alpha: alpha))
  }
}

/// A row of the report's tables: one of the seven models, measured or not, or another that was measured.
struct ModelLine {
  let title: String
  /// `nil` where this run has not measured the model.
  let result: ModelResult?
  /// What the original report claims.
  let claimed: ClaimedResult?

  /// The title, with a word where the claim is an estimate.
  var claimMark: String { claimed?.isEstimate == true ? " (estimate)" : "" }

  /// A measured cell, or the word that there is none.
  func cell(_ value: (ModelResult) -> String?) -> String {
    guard let result else { return ReportTable.missing }
    return value(result) ?? "–"
  }

  /// A claimed figure.
  func claim(_ value: KeyPath<ClaimedResult, Double?>, _ decimals: Int = 3) -> String {
    guard let claimed, let figure = claimed[keyPath: value] else { return "–" }
    return (claimed.isEstimate ? "~" : "") + fixed(figure, decimals)
  }
}

extension RunReport {
  /// The seven models of the original report in its order, then the others of this run.
  var lines: [ModelLine] {
    let reported = ReportedModel.allCases.map { model in
      let result = models.first { $0.name == model.rawValue }
      return ModelLine(
        title: result?.title ?? model.title, result: result,
        claimed: result?.claimed ?? model.claim)
    }
    let others = models.filter { ReportedModel(rawValue: $0.name) == nil }.map {
      ModelLine(title: $0.title, result: $0, claimed: $0.claimed)
    }
    return reported + others
  }

  /// The measured model with the highest mean CCC.
  var best: ModelResult? {
    models.filter { $0.meanCCC.estimate.isFinite }.max { $0.meanCCC.estimate < $1.meanCCC.estimate }
  }

  /// The model whose errors are looked at: the report's final one where it was trained, else the best.
  var examined: ModelResult? {
    models.first { $0.name == ReportedModel.vit.rawValue } ?? best
  }

  /// The factor by which errors on this report's scale exceed those on -1 to 1.
  var errorFactor: Double { (scale.upper - scale.lower) / 2 }

  /// "1 to 9".
  public var scaleName: String { "\(tickLabel(scale.lower)) to \(tickLabel(scale.upper))" }
}

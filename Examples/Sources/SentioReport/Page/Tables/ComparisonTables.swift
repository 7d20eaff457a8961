extension RunReport {
  /// Paired tests of every two models.
  public var comparisonTable: ReportTable {
    ReportTable(
      caption: "Pairs of models on the same test songs; p-values after Holm's correction",
      header: [
        "Pair", "CCC difference (95 %)", "p (permutation)", "p (McNemar, quadrant)", "claimed p",
      ],
      rows: comparisons.map {
        [
          "\($0.first) – \($0.second)", described($0.cccDifference, 3), probability($0.pHolm),
          probability($0.mcNemarPHolm), claimedP($0),
        ]
      })
  }

  /// The matrix of CCC differences with their p-values: row less column.
  var differenceMatrix: ReportTable {
    matrix(
      caption:
        "Mean CCC of the row less that of the column, with the permutation test's p after Holm's "
        + "correction; * where p < 0.05"
    ) { pair, isTurned in
      let value = isTurned ? -pair.cccDifference.estimate : pair.cccDifference.estimate
      return "\(value > 0 ? "+" : "")\(fixed(value, 3))\(pair.pHolm < 0.05 ? "*" : "") "
        + "(p \(probability(pair.pHolm)))"
    }
  }

  /// McNemar's matrix with the claimed values.
  var mcNemarMatrix: ReportTable {
    matrix(
      caption:
        "McNemar's exact test over songs put into the right quadrant: p after Holm's correction, and "
        + "in brackets the claimed p"
    ) { pair, _ in "\(probability(pair.mcNemarPHolm)) [\(claimedP(pair))]" }
  }

  private func claimedP(_ pair: PairedComparison) -> String {
    if let claimed = pair.claimedP { return claimed }
    func reported(_ title: String) -> ReportedModel? {
      models.first { $0.title == title }.flatMap { ReportedModel(rawValue: $0.name) }
    }
    guard let first = reported(pair.first), let second = reported(pair.second) else { return "–" }
    return ReportedModel.claimedMcNemar(first, second) ?? "–"
  }

  private func matrix(
    caption: String, cell: (PairedComparison, _ isTurned: Bool) -> String
  ) -> ReportTable {
    var titles: [String] = []
    for pair in comparisons {
      for title in [pair.first, pair.second] where !titles.contains(title) { titles.append(title) }
    }
    // The report's order, and the rest as it came.
    let order = lines.map(\.title)
    titles.sort { (order.firstIndex(of: $0) ?? .max) < (order.firstIndex(of: $1) ?? .max) }
    let columns = Array(titles.dropFirst())
    return ReportTable(
      caption: caption, header: [""] + columns,
      rows: titles.dropLast().enumerated().map { row, first in
        [first]
          + columns.enumerated().map { column, second in
            guard column >= row else { return "" }
            if let pair = comparisons.first(where: { $0.first == first && $0.second == second }) {
              return cell(pair, false)
            }
            if let pair = comparisons.first(where: { $0.first == second && $0.second == first }) {
              return cell(pair, true)
            }
            return ReportTable.missing
          }
      })
  }
}

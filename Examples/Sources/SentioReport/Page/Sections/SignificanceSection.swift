extension RunReport {
  /// §4.5: paired tests and intervals.
  var significanceSection: PageSection? {
    guard !models.isEmpty else { return nil }
    var blocks: [PageBlock] = []
    if !comparisons.isEmpty {
      blocks.append(
        .text(
          "The same songs are predicted by every model, so the differences are tested in pairs: a "
            + "bootstrap over songs for the interval, a permutation test for p, and McNemar's exact "
            + "test for songs put into the right quadrant. All p-values are corrected by Holm's method over "
            + "the \(comparisons.count) pairs."))
      if comparisons.count >= 3 {
        blocks += [.table(differenceMatrix), .table(mcNemarMatrix)]
      }
      blocks.append(.table(comparisonTable))
    }
    blocks.append(.table(intervalTable))
    return PageSection(
      id: "significance", title: "Are the differences real?", link: "Significance", blocks: blocks)
  }
}

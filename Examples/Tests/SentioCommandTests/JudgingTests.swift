import Foundation
import Testing

/// `sentio evaluate` and `sentio compare` on numbers that were worked out by hand.
@Suite struct JudgingTests {
  /// Four songs, three times, so that moments are those of the four and resamples are never constant.
  ///
  /// Valence: truth 2 4 6 8 and prediction 3 3 6 8 have means 5 and 5, variances 5 and 4.5, covariance
  /// 4.5, squared errors 1 1 0 0. Arousal: the prediction is the truth and a half.
  private func tables() throws -> ScratchFolder {
    let folder = try ScratchFolder()
    var truth = "song_id,valence,arousal\n"
    var first = truth
    var second = truth
    var groups = "song_id,genre\n"
    for copy in 0..<3 {
      for (index, label) in [2.0, 4, 6, 8].enumerated() {
        let id = "song \(copy)-\(index)"
        truth += "\(id),\(label),\(label)\n"
        first += "\(id),\([3, 3, 6, 8][index]),\(label + 0.5)\n"
        // Wrong quadrant for the last song: low arousal.
        second += "\(id),\(label),\(index == 3 ? 2 : label)\n"
        groups += "\(id),\(index < 2 ? "Rock" : "Folk & Country")\n"
      }
    }
    try folder.write(truth, to: "truth.csv")
    try folder.write(first, to: "first.csv")
    try folder.write(second, to: "second.csv")
    try folder.write(groups, to: "groups.csv")
    return folder
  }

  private func expect(
    _ metrics: Any?, _ expected: [String: Double],
    sourceLocation: SourceLocation = #_sourceLocation
  ) throws {
    let metrics = try #require(metrics as? [String: [String: Double]])
    for (name, value) in expected {
      let found = try #require(metrics[name], "\(name)", sourceLocation: sourceLocation)
      let estimate = try #require(found["estimate"])
      #expect(abs(estimate - value) < 1e-9, "\(name): \(estimate)", sourceLocation: sourceLocation)
      let (lower, upper) = (try #require(found["lower"]), try #require(found["upper"]))
      #expect(lower <= upper, "\(name)", sourceLocation: sourceLocation)
    }
  }

  @Test func evaluateGivesTheNumbersOfPaper() throws {
    let folder = try tables()
    let json = try Tool.run(
      [
        "evaluate", "--predictions", "first.csv", "--truth", "truth.csv", "--groups",
        "groups.csv", "--json", "--resamples", "500",
      ], in: folder.url
    ).succeeded().json()
    #expect(json["songs"] as? Int == 12 && json["scale"] as? String == "1..9")
    try expect(
      json["valence"],
      [
        "ccc": 9 / 9.5, "r2": 0.9, "mse": 0.5, "mae": 0.5, "rmse": 0.5.squareRoot(), "bias": 0,
        "pearson": 4.5 / 22.5.squareRoot(), "slope": 0.9,
      ])
    try expect(
      json["arousal"],
      ["ccc": 10 / 10.25, "r2": 0.95, "mse": 0.25, "mae": 0.5, "bias": 0.5, "slope": 1])
    try expect(json["mean"], ["ccc": (9 / 9.5 + 10 / 10.25) / 2, "mse": 0.375])
    #expect(json["quadrantAccuracy"] as? Double == 1)
    let quadrants = try #require(json["quadrants"] as? [[String: Any]])
    #expect(quadrants.map { $0["songs"] as? Int } == [6, 0, 6, 0])
    let groups = try #require(json["groups"] as? [[String: Any]])
    #expect(Set(groups.compactMap { $0["name"] as? String }) == ["Rock", "Folk & Country"])
    let rock = try #require(groups.first { $0["name"] as? String == "Rock" })
    // Of the rock songs, both have an error of 1 in valence.
    if let error = rock["valenceMAE"] as? Double { #expect(abs(error - 1) < 1e-9) }
    #expect(rock["songs"] as? Int == 6)
  }

  @Test func evaluatePrintsATable() throws {
    let folder = try tables()
    let text = try Tool.run(
      ["evaluate", "--predictions", "first.csv", "--truth", "truth.csv", "--scale", "1..9"],
      in: folder.url
    ).succeeded()
    for part in ["12 songs", "CCC", "0.947 (", "0.976 (", "95 % bootstrap", "Q3 sad"] {
      #expect(text.output.contains(part), "“\(part)” in \(text.output)")
    }
    #expect(text.errors.isEmpty)
  }

  @Test func compareCountsQuadrantsAndTestsThem() throws {
    let folder = try tables()
    let json = try Tool.run(
      [
        "compare", "first.csv", "second.csv", "--truth", "truth.csv", "--json", "--resamples",
        "500",
      ], in: folder.url
    ).succeeded().json()
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 1)
    #expect(pairs[0]["first"] as? String == "first" && pairs[0]["second"] as? String == "second")
    let test = try #require(pairs[0]["mcNemar"] as? [String: Double])
    #expect(test["bothRight"] == 9 && test["onlyFirstRight"] == 3)
    #expect(test["onlySecondRight"] == 0 && test["neitherRight"] == 0)
    // Three songs of three on one side: 2 · 0.5³.
    #expect(abs(try #require(test["p"]) - 0.25) < 1e-9)
    let valence = try #require(pairs[0]["valence"] as? [String: [String: Double]])
    let ccc = try #require(valence["ccc"])
    #expect(abs((ccc["difference"] ?? 0) - (9 / 9.5 - 1)) < 1e-9)
    #expect(try #require(ccc["upper"]) <= 0 && #require(ccc["pPermutation"]) <= 1)
  }

  @Test func compareThreeModelsPairwise() throws {
    let folder = try tables()
    try FileManager.default.copyItem(
      atPath: folder.path("truth.csv"), toPath: folder.path("perfect.csv"))
    let files = ["first.csv", "second.csv", "perfect.csv"]
    let json = try Tool.run(
      ["compare"] + files + ["--truth", "truth.csv", "--json", "--resamples", "200"],
      in: folder.url
    ).succeeded().json()
    let pairs = try #require(json["pairs"] as? [[String: Any]])
    #expect(pairs.count == 3)
    for pair in pairs {
      let test = try #require(pair["mcNemar"] as? [String: Double])
      #expect(try #require(test["pHolm"]) >= #require(test["p"]))
    }
    let text = try Tool.run(
      ["compare"] + files + ["--truth", "truth.csv", "--resamples", "200"], in: folder.url
    ).succeeded().output
    #expect(text.contains("first – perfect") && text.contains("Holm"))
    #expect(!text.contains("= <"))
  }

  @Test func idsMustAgree() throws {
    let folder = try tables()
    try folder.write("song_id,valence,arousal\nx,3,4\ny,5,6\nz,6,7\n", to: "others.csv")
    try folder.write("song_id,valence\nx,3\n", to: "half.csv")
    try folder.write("song_id,valence,arousal\n", to: "header.csv")
    try folder.write("", to: "nothing.csv")
    func evaluate(_ predictions: String, _ truth: String = "truth.csv") throws -> Tool.Outcome {
      try Tool.run(
        ["evaluate", "--predictions", predictions, "--truth", truth], in: folder.url)
    }
    try evaluate("others.csv").failed(naming: "others.csv", "truth.csv", "x, y, z", "agree")
    try evaluate("half.csv").failed(naming: "half.csv:1", "arousal")
    try evaluate("header.csv").failed(naming: "header.csv")
    try evaluate("nothing.csv").failed(naming: "nothing.csv", "empty")
    try evaluate("absent.csv").failed(naming: "absent.csv")
    try evaluate("first.csv", "header.csv").failed(naming: "header.csv")
    try Tool.run(
      ["compare", "first.csv", "others.csv", "--truth", "truth.csv"], in: folder.url
    ).failed(naming: "others.csv", "truth.csv")
    try Tool.run(
      [
        "evaluate", "--predictions", "first.csv", "--truth", "truth.csv", "--groups",
        "others.csv",
      ], in: folder.url
    ).failed(naming: "others.csv", "ids")
  }

  @Test func oneSongIsTooFew() throws {
    let folder = try ScratchFolder()
    try folder.write("song_id,valence,arousal\nx,3,4\n", to: "one.csv")
    try Tool.run(["evaluate", "--predictions", "one.csv", "--truth", "one.csv"], in: folder.url)
      .failed(naming: "2")
  }
}

import Testing

/// Help that teaches, and usage errors that lead to it.
@Suite struct HelpTests {
  static let commands: [[String]] = [
    ["run"], ["features"], ["corpus"], ["corpus", "synthesize"], ["corpus", "validate"],
    ["corpus", "split"], ["train"], ["train", "ridge"], ["train", "svr"], ["train", "xgboost"],
    ["predict"], ["evaluate"], ["compare"], ["gan"], ["gan", "train"], ["gan", "sample"],
    ["doctor"],
  ]

  @Test(arguments: commands) func everyCommandHasHelp(command: [String]) throws {
    let help = try Tool.run(command + ["--help"]).succeeded()
    #expect(help.output.contains("OVERVIEW:") && help.output.contains("USAGE: sentio"))
    #expect(help.errors.isEmpty)
    let other = try Tool.run(["help"] + command).succeeded()
    #expect(other.output == help.output)
  }

  @Test(arguments: commands.filter { $0 != ["corpus"] && $0 != ["doctor"] })
  func helpShowsHowTheCommandIsTyped(command: [String]) throws {
    let help = try Tool.run(command + ["--help"]).output
    #expect(help.contains("\n  sentio \(command.joined(separator: " "))"), "no example: \(help)")
  }

  @Test func bareNameShowsTheCommands() throws {
    let outcome = try Tool.run([]).succeeded()
    for command in Self.commands where command.count == 1 {
      #expect(outcome.output.contains("\n  \(command[0]) "))
    }
    #expect(outcome.output.contains("Exit codes: 0 success"))
  }

  @Test func versionIsANumber() throws {
    let outcome = try Tool.run(["--version"]).succeeded()
    #expect(outcome.output.split(separator: ".").count == 3)
  }

  @Test(arguments: [
    (["nonsense"], "nonsense"),
    (["features", "a.mp3"], "--output"),
    (["features", "a.mp3", "-o", "a.npy", "--duration", "-3"], "--duration"),
    (["features", "a.mp3", "-o", "a.npy", "--offset=-3"], "--offset"),
    (["features", "a.mp3", "-o", "a.npy", "--sample-rate", "7"], "--sample-rate"),
    (["corpus", "synthesize", "x", "--songs", "0"], "--songs"),
    (["corpus", "synthesize", "x", "--duration", "6"], "between 20 and 600"),
    (["corpus", "synthesize", "x", "--duration", "nan"], "between 20 and 600"),
    (["corpus", "split", "x", "-o", "y", "--fractions", "1", "2"], "--fractions"),
    (["corpus", "split", "x", "-o", "y", "--fractions", "inf", "1", "1"], "--fractions"),
    (["corpus", "split", "x", "-o", "y", "--keep-together", "z"], "--keep-together"),
    (["train", "ridge", "-o", "m"], "--data"),
    (["train", "ridge", "-o", "m", "--table", "t.csv"], "--labels"),
    (["train", "ridge", "-o", "m", "--data", "d", "--alpha", "0"], "--alpha"),
    (["train", "ridge", "-o", "m", "--data", "d", "--folds", "1"], "--folds"),
    (["train", "svr", "-o", "m", "--data", "d", "--c=-1"], "--c"),
    (["train", "svr", "-o", "m", "--data", "d", "--gamma", "wide"], "--gamma"),
    (["train", "xgboost", "-o", "m", "--data", "d", "--rounds", "0"], "--rounds"),
    (["train", "xgboost", "-o", "m", "--data", "d", "--rate", "2"], "--rate"),
    (["train", "forest"], "forest"),
    (["predict", "--model", "m"], "--table"),
    (["predict", "--model", "m", "a.mp3", "--scale", "wide"], "1..9"),
    (["evaluate", "--predictions", "p", "--truth", "t", "--resamples", "3"], "--resamples"),
    (["compare", "a.csv", "--truth", "t.csv"], "at least two"),
    (["run", "--truth", "t.csv"], "--table"),
    (["run", "--table", "t.csv"], "--truth"),
    (["run", "--fractions", "1", "0", "0"], "--fractions"),
    (["doctor", "--loud"], "--loud"),
  ])
  func wrongCommandLinesExitWith2(arguments: [String], named: String) throws {
    let outcome = try Tool.run(arguments).failed(2, naming: named)
    #expect(outcome.output.isEmpty)
    #expect(outcome.errors.contains("Usage: sentio"))
  }

  @Test func scaleMayBeginWithAMinus() throws {
    let folder = try ScratchFolder()
    try folder.write("song_id,valence,arousal\na,-3,2\nb,4,-5\nc,1,1\n", to: "l.csv")
    try Tool.run(
      ["evaluate", "--predictions", "l.csv", "--truth", "l.csv", "--scale", "-5..5"],
      in: folder.url
    ).succeeded()
  }
}

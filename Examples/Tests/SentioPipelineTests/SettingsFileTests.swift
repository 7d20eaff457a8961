import Foundation
import SentioPipeline
import Testing

/// YAML that changes settings, and what is wrong with it.
@Suite struct SettingsFileTests {
  struct Settings: Codable, Hashable {
    enum Grid: String, Codable { case small, large }
    struct Training: Codable, Hashable {
      var epochs = 5
      var learningRate = 1e-3
      var grid = Grid.small
      var shuffles = true
    }
    var seed: UInt64 = 1
    var name = "demo"
    var fractions = [0.7, 0.1, 0.2]
    var training = Training()
  }

  private func read(_ yaml: String) throws -> Settings {
    try SettingsFile(text: yaml, name: "my.yaml").applied(to: Settings(), ignoring: ["extends"])
  }

  @Test func whatIsLeftOutStays() throws {
    #expect(try read("") == Settings())
    #expect(try read("# nothing\n") == Settings())
    #expect(try read("extends: demo\ntraining:\n") == Settings())
    var expected = Settings()
    expected.training.epochs = 30
    expected.training.learningRate = 1
    expected.training.grid = .large
    expected.training.shuffles = false
    expected.fractions = [0.5, 0.5]
    expected.name = "12"
    #expect(
      try read(
        """
        fractions: [0.5, 0.5]
        name: 12
        training:
          epochs: 30
          learningRate: 1
          grid: large
          shuffles: false
        """) == expected)
    let file = try SettingsFile(text: "extends: paper\nseed: 2", name: "x")
    #expect(try file.text(of: "extends")?.value == "paper")
    #expect(try file.text(of: "name") == nil)
  }

  @Test(arguments: [
    ("seed: 1\ntrainin:\n  epochs: 2", "my.yaml:2: unknown key 'trainin'; did you mean training?"),
    (
      "training:\n  epochs: 2\n  learningrate: 1",
      "my.yaml:3: unknown key 'learningrate' in training; did you mean learningRate?"
    ),
    ("training:\n  epochs: many", "my.yaml:2: training.epochs must be a number, not 'many'"),
    ("training:\n  epochs: 2.5", "my.yaml:2: training.epochs"),
    ("training: 3", "my.yaml:1: training must be a section with keys, not '3'"),
    ("training:\n  shuffles: 3", "my.yaml:2: training.shuffles must be true or false, not '3'"),
    ("training:\n  grid: huge", "my.yaml:2: training.grid"),
    ("fractions: 0.5", "my.yaml:1: fractions must be a list such as [a, b], not '0.5'"),
    ("fractions:\n- 0.5\n- x", "my.yaml:3: fractions[1] must be a number, not 'x'"),
    ("name: [a]", "my.yaml:1: name must be a text, not a list"),
    ("seed: -1", "my.yaml:1: seed"),
    ("seed: .nan", "my.yaml:1: seed must be a number"),
    ("seed: 1\nseed: 2", "seed"),
    ("- a\n- b", "my.yaml:1: holds no keys"),
    ("training:\n  epochs: 1\n epochs: [", "my.yaml:3: is no YAML"),
    ("a: &a [1,1]\nb: *c", "is no YAML"),
  ])
  func mistakesAreNamedWithTheirLine(yaml: String, message: String) throws {
    let error = try #require(throws: SettingsError.self) { try read(yaml) }
    #expect("\(error)".contains(message), "\(error)")
  }

  @Test func endlessFilesAreRefused() throws {
    var yaml = "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
    for level in 1..<12 {
      let previous = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ",")
      yaml += "a\(level): &a\(level) [\(previous)]\n"
    }
    let error = try #require(throws: SettingsError.self) { try read(yaml) }
    #expect("\(error)".contains("too many values"), "\(error)")
  }

  @Test func filesThatAreNone() throws {
    let box = try Sandbox()
    for name in ["missing.yaml", "."] {
      #expect(throws: SettingsError.self) {
        try SettingsFile(contentsOf: box.url.appending(path: name))
      }
    }
    let file = box.url.appending(path: "bytes.yaml")
    try Data([0xff, 0xfe, 0x00, 0x80]).write(to: file)
    #expect(throws: SettingsError.self) { try SettingsFile(contentsOf: file) }
  }
}

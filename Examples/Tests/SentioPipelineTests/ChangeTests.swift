import Foundation
import SentioPipeline
import Testing

/// What makes a stage run, and what does not.
@Suite struct ChangeTests {
  private static let all = ["letters", "upper", "length", "both"]

  @Test func aSecondRunDoesNothing() throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    #expect(
      try pipeline.statuses().map(\.state.description)
        == Array(repeating: "has not run yet", count: 4))
    #expect(try box.ran(pipeline) == Self.all)
    #expect(try box.text(of: "stages/both/both.txt") == "ABC3")
    let before = try box.text(of: "stages/both/manifest.json")
    #expect(try box.ran(pipeline).isEmpty)
    #expect(try box.text(of: "stages/both/manifest.json") == before)
    #expect(try pipeline.statuses().allSatisfy { $0.state.manifest != nil })
    #expect(!box.files.contains { $0.contains("attempt") || $0.hasSuffix("work") })
  }

  @Test func theManifestSaysWhatWasMade() throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    try pipeline.run()
    let manifest = try #require(pipeline.manifest(of: "letters"))
    #expect(manifest.outputs.map(\.path) == ["deep/er/second.txt", "first.txt"])
    // printf abc | sha256sum
    #expect(
      manifest.outputs[1].sha256
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(manifest.facts == ["songs": .integer(3)] && manifest.versions == ["test": "1"])
    #expect(manifest.attempts == 1 && manifest.seconds > 0 && manifest.seconds < 60)
    #expect(manifest.peakMemoryBytes > 1 << 20)
    #expect(manifest.settings == .object(["first": .string("abc"), "second": .string("xyz")]))
  }

  @Test func onlyWhatReadsAChangedFileRuns() throws {
    let box = try Sandbox()
    try box.pipeline().run()
    #expect(
      try box.ran(box.pipeline(letters: "abd")) == ["letters", "upper", "both"])
    #expect(try box.text(of: "stages/both/both.txt") == "ABD3")
    // The second text has another content and the same length: what counts lengths runs, and nothing after it.
    #expect(
      try box.ran(box.pipeline(letters: "abd", second: "xyq")) == ["letters", "length"])
    #expect(try box.ran(box.pipeline(letters: "abd", second: "xyq", upperVersion: 2)) == ["upper"])
  }

  @Test func theStateSaysWhy() throws {
    let box = try Sandbox()
    try box.pipeline().run()
    let states = try box.pipeline(letters: "q", upperVersion: 3).statuses().map(\.state.description)
    #expect(
      states == [
        "settings changed: first: abc → q", "waits for letters", "waits for letters",
        "waits for upper, length",
      ])
    #expect(
      try box.pipeline(upperVersion: 3).statuses()[1].state.description
        == "its code is version 3 and not 1")
  }

  @Test func anInputFromOutsideCountsByContent() throws {
    let box = try Sandbox()
    try FileManager.default.createDirectory(
      at: box.url.appending(path: "in/deep"), withIntermediateDirectories: true)
    try box.write("1", to: "in/a")
    try box.write("2", to: "in/deep/b")
    let source = box.url.appending(path: "in")
    try box.pipeline(source: source).run()
    let file = source.appending(path: "deep/b").path
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSinceNow: -1000)], ofItemAtPath: file)
    #expect(try box.ran(box.pipeline(source: source)).isEmpty)
    try box.write("3", to: "in/deep/b")
    #expect(
      try box.pipeline(source: source).statuses()[0].state.description
        == "inputs changed: source")
    // It writes what it wrote before.
    #expect(try box.ran(box.pipeline(source: source)) == ["letters"])
    try FileManager.default.removeItem(at: source)
    #expect(throws: PipelineError.self) { try box.pipeline(source: source).run() }
  }

  @Test func outputsThatWereTouchedAreMadeAgain() throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    try pipeline.run()
    try box.write("other", to: "stages/upper/upper.txt")
    #expect(
      try pipeline.statuses()[1].state.description == "outputs were changed: upper.txt")
    #expect(try box.ran(pipeline) == ["upper"])
    try FileManager.default.removeItem(at: box.url.appending(path: "stages/letters/deep"))
    #expect(
      try pipeline.statuses()[0].state.description == "outputs are missing: deep/er/second.txt")
    #expect(try box.ran(pipeline) == ["letters"])

    // The same length and time of change: only a look at the content tells.
    let file = box.url.appending(path: "stages/both/both.txt").path
    let date = try FileManager.default.attributesOfItem(atPath: file)[.modificationDate]
    let handle = try FileHandle(forWritingTo: URL(filePath: file))
    handle.write(Data("X".utf8))
    try handle.close()
    var times = [timespec](repeating: timespec(), count: 2)
    let manifest = try #require(pipeline.manifest(of: "both"))
    times[0].tv_sec = manifest.outputs[0].modified / 1_000_000_000
    times[0].tv_nsec = manifest.outputs[0].modified % 1_000_000_000
    times[1] = times[0]
    try #require(utimensat(AT_FDCWD, file, times, 0) == 0, "\(String(describing: date))")
    #expect(try box.ran(pipeline).isEmpty)
    #expect(try box.ran(pipeline, rereads: true) == ["both"])
    #expect(try box.text(of: "stages/both/both.txt") == "ABC3")
  }

  @Test(arguments: ["", "{", "null", "[]", "{\"format\":1}", "\u{0}\u{1}", "folder"])
  func damagedManifestsAreMadeAnew(text: String) throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    try pipeline.run()
    let file = box.url.appending(path: "stages/length/manifest.json")
    if text == "folder" {
      try FileManager.default.removeItem(at: file)
      try FileManager.default.createDirectory(at: file, withIntermediateDirectories: true)
    } else {
      try box.write(text, to: "stages/length/manifest.json")
    }
    #expect(try pipeline.statuses()[2].state.description.hasPrefix("its manifest"))
    #expect(try box.ran(pipeline) == ["length"])
    #expect(try box.ran(pipeline).isEmpty)
  }

  @Test func manifestsOfOthersAreNotBelieved() throws {
    let box = try Sandbox()
    let pipeline = try box.pipeline()
    try pipeline.run()
    let own = try box.text(of: "stages/length/manifest.json")
    for (old, new, reason) in [
      ("\"stage\" : \"length\"", "\"stage\" : \"upper\"", "belongs to stage upper"),
      ("\"format\" : 1", "\"format\" : 9", "has format 9"),
      ("\"path\" : \"length.txt\"", "\"path\" : \"../../in\"", "outside of its folder"),
      ("\"fingerprint\" : \"", "\"fingerprint\" : \"0", "does not fit"),
      ("\"attempts\" : 1", "\"attempts\" : \"x\"", "wrong value at attempts"),
    ] {
      try #require(own.contains(old), "\(own)")
      try box.write(
        own.replacingOccurrences(of: old, with: new), to: "stages/length/manifest.json")
      let state = try pipeline.statuses()[2].state.description
      #expect(state.contains(reason), "\(state)")
      #expect(try box.ran(pipeline) == ["length"])
    }
  }
}

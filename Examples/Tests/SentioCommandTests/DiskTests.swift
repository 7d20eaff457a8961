import Foundation
import Testing

/// Folders that can't be written and disks that are full.
@Suite struct DiskTests {
  /// Whether this user may mount a file system where nobody else sees it.
  static let canMount: Bool = {
    let folder = try? ScratchFolder()
    let outcome = try? Tool.shell(
      "unshare --mount mount -t tmpfs -o size=64k none \"$1\"", [folder?.url.path ?? "/"])
    return outcome?.status == 0
  }()

  /// Runs a line with a small file system at `mount` in the folder, which ends with the line.
  private func withMount(
    _ options: String, _ line: String, _ arguments: [String], in folder: ScratchFolder
  ) throws -> Tool.Outcome {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "mount"), withIntermediateDirectories: true)
    return try Tool.shell(
      """
      export -f sentio; exec unshare --mount bash -c '
        mount -t tmpfs -o \(options) none mount || exit 77
        \(line); code=$?
        ls -AR mount; exit $code' bash "$@"
      """, arguments, in: folder.url)
  }

  @Test func outputsThatCannotBe() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    try folder.write("a file", to: "file")
    for output in ["nowhere/x.csv", "file/x.csv", "/proc/nowhere/x.csv", "/proc/x.csv"] {
      for command in [
        ["features", corpus.song()], ["predict", "-m", corpus.model, corpus.song()],
        ["train", "ridge", "--data", corpus.folder, "--store", "store"],
        ["corpus", "split", corpus.folder],
      ] {
        try Tool.run(command + ["-o", output], in: folder.url).failed(naming: "/")
      }
    }
    try Tool.run(
      ["train", "ridge", "--data", corpus.folder, "-o", "nowhere/m.sentio"], in: folder.url
    ).failed(naming: "nowhere/m.sentio", "mkdir -p")
    try Tool.run(["run", "--data", corpus.folder, "-o", "file"], in: folder.url)
      .failed(naming: "file", "--output")
    try Tool.run(["run", "--data", corpus.folder, "-o", "/proc/x/y"], in: folder.url)
      .failed(naming: "/proc/x", "--output")
    try Tool.run(["corpus", "synthesize", "file", "--songs", "2"], in: folder.url)
      .failed(naming: "file")
    #expect(folder.files.filter { !$0.hasPrefix("store/") } == ["file"])
  }

  @Test(.enabled(if: canMount)) func readOnlyFolder() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    for line in [
      "sentio features \"$1\" -o mount/x.csv", "sentio features \"$1\" --set mel -o mount/x/",
      "sentio predict -m \"$2\" \"$1\" -o mount/x.csv",
      "sentio train ridge --data \"$3\" -o mount/m.sentio",
      "sentio train ridge --data \"$3\" -o m.sentio --store mount/store",
      "sentio run --quick --data \"$3\" -o mount", "sentio run --quick --data \"$3\" -o mount/new",
      "sentio corpus synthesize mount/c --songs 2",
    ] {
      let outcome = try withMount(
        "ro", line, [corpus.song(), corpus.model, corpus.folder], in: folder)
      outcome.failed(naming: "mount")
      let causes = ["Read-only file system", "read only", "Permission denied"]
      #expect(causes.contains { outcome.errors.contains($0) }, "\(outcome.errors)")
      #expect(!outcome.errors.contains("settings ×"), "worked before it looked: \(outcome.errors)")
    }
    #expect(folder.files.isEmpty)
  }

  @Test(.enabled(if: canMount)) func fullDisk() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    for line in [
      "sentio features \"$1\" --set mel -o mount/x.npy",
      "sentio features \"$3/MEMD_audio\" --set mel -o mount/",
      "sentio features \"$3/MEMD_audio\" -o mount/x.csv --json",
      "sentio run --quick --data \"$3\" --store \"$PWD/store\" -o mount",
      "sentio train ridge --data \"$3\" -o m.sentio --alpha 1 --store mount/store",
      "sentio corpus synthesize mount/c --songs 3 --duration 20",
    ] {
      let outcome = try withMount(
        "size=16k", line, [corpus.song(), corpus.model, corpus.folder], in: folder)
      outcome.failed(naming: "mount", "disk is full")
      #expect(!outcome.output.contains(".tmp"), "\(outcome.output)")
    }
    #expect(!folder.exists("m.sentio"))
  }

  @Test func limitOnTheSizeOfFiles() throws {
    let corpus = try SampleCorpus.made()
    let folder = try ScratchFolder()
    // Blocks of 1,024 bytes; the matrix has 440 of them.
    let outcome = try Tool.shell(
      "ulimit -f 100; sentio features \"$1\" --set mel -o x.npy", [corpus.song()],
      in: folder.url)
    outcome.failed(naming: "x.npy", "ulimit -f")
    #expect(folder.files.isEmpty)
  }

  @Test func streamsThatAreClosedOrFull() throws {
    let folder = try ScratchFolder()
    try folder.write(SampleTable.labels(), to: "l.csv")
    let judge = "sentio evaluate --predictions l.csv --truth l.csv --resamples 100"
    try Tool.shell("\(judge) > /dev/full", in: folder.url)
      .failed(naming: "standard output", "No space left")
    let silent = try Tool.shell("\(judge) 2>&-", in: folder.url).succeeded()
    #expect(silent.output.contains("CCC"))
    try Tool.shell("\(judge) 2> /dev/full", in: folder.url).succeeded()
    try Tool.shell("\(judge) | head -1; exit ${PIPESTATUS[1]}", in: folder.url).succeeded()
  }

  @Test func devicesAreWrittenToAndStay() throws {
    let corpus = try SampleCorpus.made()
    let outcome = try Tool.shell(
      "sentio predict -m \"$1\" --table \"$2\" -o >(cat >&2) > /dev/null; wait; sleep 0.2",
      [corpus.model, corpus.table]
    ).succeeded()
    #expect(outcome.errors.contains("song_id,valence,arousal"))
  }
}

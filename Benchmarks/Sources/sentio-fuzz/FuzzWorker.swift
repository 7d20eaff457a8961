import Foundation
import SentioDataTestSupport

/// Feeds one reader its damaged files, in a process of its own.
struct FuzzWorker {
  let options: FuzzOptions
  let reader: FuzzedReader
  /// Holds the tally, and a folder an input until it has been read.
  let work: URL

  static func tallyFile(_ work: URL) -> URL { work.appending(path: "tally") }

  func run() throws {
    var good = try reader.makeOriginals()
    if options.usesRealFiles, let folder = RealFiles.root {
      good += try RealFiles.originals(in: folder, for: reader)
    }
    if let folder = options.seedsFolder {
      good += try RealFiles.originals(in: URL(filePath: folder), for: reader)
    }
    let mutator = Mutator(originals: good.map(\.bytes), seed: options.seed)
    let watchdog = Watchdog(
      secondsLimit: options.secondsLimit, memoryLimit: options.memoryLimit)
    let descriptor = open(Self.tallyFile(work).path, O_CREAT | O_TRUNC | O_WRONLY, 0o644)
    guard descriptor >= 0 else { stop("cannot write below \(work.path)") }
    var tally = FuzzTally(first: options.first)
    for index in options.first..<options.first + options.count {
      tally.next = index
      tally.write(to: descriptor)
      let (original, bytes) = mutator.mutation(index)
      let folder = work.appending(path: "\(reader.name)-\(index)", directoryHint: .isDirectory)
      try place(good[original], bytes, in: folder)
      watchdog.begin("\(reader.name) input \(index)")
      let start = ContinuousClock.now
      let outcome = reader.read(folder.appending(path: good[original].path), folder)
      let elapsed = (ContinuousClock.now - start) / .milliseconds(1)
      watchdog.end()
      tally.longestMilliseconds = max(tally.longestMilliseconds, elapsed)
      tally.highestMemory = residentMemory().highest
      switch outcome {
      case .read: tally.read += 1
      case .refused: tally.refused += 1
      case .defect(let message):
        tally.defects += 1
        say("\(message)\n  \(advice(index))\n  damaged file: \(folder.path)/\(good[original].path)")
        continue
      }
      try FileManager.default.removeItem(at: folder)
    }
    tally.next = options.first + options.count
    tally.isComplete = true
    tally.write(to: descriptor)
  }

  private func place(
    _ original: FuzzedReader.Original, _ bytes: [UInt8], in folder: URL
  ) throws {
    var files = original.companions
    files[original.path] = bytes
    for (path, content) in files {
      let file = folder.appending(path: path)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(content).write(to: file)
    }
  }

  private func advice(_ index: Int) -> String {
    "replay: sentio-fuzz "
      + options.replay(reader, first: index, count: 1).joined(separator: " ")
  }

  /// Runs all inputs in processes, and goes on after one that dies.
  ///
  /// - Returns: what was done; a death counts as a defect.
  static func supervise(
    _ reader: FuzzedReader, options: FuzzOptions, count: Int, scratch: URL
  ) throws -> FuzzTally {
    let end = options.first + count
    var total = FuzzTally(first: options.first)
    while total.next < end {
      let work = scratch.appending(
        path: "\(reader.name)-from-\(total.next)", directoryHint: .isDirectory)
      try FileManager.default.createDirectory(at: work, withIntermediateDirectories: true)
      let process = Process()
      process.executableURL = URL(
        filePath: try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
      process.arguments = options.childArguments(
        reader, first: total.next, count: end - total.next, work: work)
      try process.run()
      process.waitUntilExit()
      guard let done = FuzzTally(contentsOf: tallyFile(work)) else {
        stop("\(reader.name): its process ended before the first input")
      }
      total.add(done)
      total.next = done.next
      let died = process.terminationReason == .uncaughtSignal || process.terminationStatus != 0
      if died {
        total.defects += 1
        let worker = FuzzWorker(options: options, reader: reader, work: work)
        let cause =
          process.terminationReason == .uncaughtSignal
          ? "signal \(process.terminationStatus)" : "exit status \(process.terminationStatus)"
        if done.isComplete {
          say("\(reader.name): its process ended with \(cause) after the last input")
        } else {
          say(
            "\(reader.name) input \(done.next) of seed \(options.seed) ended the process (\(cause))"
              + "\n  \(worker.advice(done.next))"
              + "\n  damaged file: below \(work.path)/\(reader.name)-\(done.next)")
          total.next += 1
        }
      }
      if !died && done.defects == 0 { try FileManager.default.removeItem(at: work) }
    }
    return total
  }
}

/// Writes a line about a defect.
private func say(_ message: String) {
  FileHandle.standardError.write(Data("sentio-fuzz: \(message)\n".utf8))
}

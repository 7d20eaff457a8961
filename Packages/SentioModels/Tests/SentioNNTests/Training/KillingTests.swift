import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite("Training that is killed")
struct KillingTests {
  /// The seeds of the moments at which processes are killed.
  static let rounds = 1...2

  @Test(
    "kill -9 at random moments: the end is bit for bit that of an undisturbed run",
    arguments: rounds)
  func killed(round: Int) async throws {
    let expected = SmallTraining.Result(try SmallTraining.run(in: nil))
    // What a whole run takes on this machine, at this moment, decides when to kill.
    let whole = try TemporaryFolder()
    let start = ContinuousClock.now
    try SmallTraining.run(in: whole.url)
    let microseconds = Int((ContinuousClock.now - start) / .microseconds(1))
    let folder = try TemporaryFolder()
    let path = folder.url.path
    var stream = RandomStream(seed: UInt64(round), "kill")
    var kills = 0
    // Each process gets farther or is killed at once; some die while they write.
    while kills < 10 {
      let delay = stream.next(below: max(1, microseconds / 3))
      let status = try await died(path, after: delay)
      if status == .finished { break }
      kills += 1
    }
    #expect(kills > 0, "the training ended before it was killed")
    let outcome = try SmallTraining.run(in: folder.url)
    #expect(SmallTraining.Result(outcome) == expected, "after \(kills) kills")
    #expect(
      folder.names.filter { $0.hasSuffix(".safetensors") }.count == 4
        && !folder.names.contains { $0.hasSuffix(".tmp") }, "\(folder.names)")
    for name in folder.names where name.hasSuffix(".safetensors") {
      _ = try TrainingCheckpoint(contentsOf: folder.url.appending(path: name))
    }
  }

  private enum Fate { case killed, finished }

  /// Trains in a process that is killed some microseconds after it began.
  private func died(_ path: String, after delay: Int) async throws -> Fate {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.exitStatus]
    ) { [path = path as String, delay = delay as Int] in
      try SmallTraining.run(
        in: URL(filePath: path),
        onEvent: { event in
          // The clock starts with the work and not with the process.
          guard case .progress = event, !KillingTests.isArmed else { return }
          KillingTests.isArmed = true
          Thread {
            usleep(UInt32(delay))
            kill(getpid(), SIGKILL)
          }
          .start()
        })
      // A training that outran its killer.
      exit(7)
    }
    return result?.exitStatus == .exitCode(7) ? .finished : .killed
  }

  nonisolated(unsafe) private static var isArmed = false
}

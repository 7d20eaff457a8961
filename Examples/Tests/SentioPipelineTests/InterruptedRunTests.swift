import Foundation
import SentioPipeline
import Testing

/// A pipeline in another process, which is stopped, killed, and short of disk.
@Suite struct InterruptedRunTests {
  private static let sum = (0..<60).map { $0 * $0 }.reduce(0, +)

  private func isWhole(_ box: Sandbox) throws {
    #expect(try box.text(of: "stages/report/report.txt") == "The sum is \(Self.sum).")
    #expect(
      box.files.filter { $0.hasPrefix("stages/numbers/") && $0.hasSuffix(".txt") }.count == 60)
    for stage in ["numbers", "squares", "report"] {
      #expect(box.exists("stages/\(stage)/manifest.json"))
    }
  }

  @Test func killedAtAnyMomentItGoesOn() throws {
    let box = try Sandbox()
    var generator = SystemRandomNumberGenerator()
    var delays: [UInt32] = []
    var kills = 0
    for _ in 0..<12 {
      let running = try Probe.Running([box.url.path, "60", "1000"])
      let delay = UInt32.random(in: 5_000...60_000, using: &generator)
      delays.append(delay)
      usleep(delay)
      running.signal(SIGKILL)
      if running.ends() == 128 + SIGKILL { kills += 1 }
    }
    let last = try Probe.Running([box.url.path, "60", "0"])
    #expect(last.ends() == 0, "\(last.said), killed after \(delays)")
    #expect(kills > 0)
    try isWhole(box)
  }

  @Test func killedWithinAStageItDoesNotBeginAnew() throws {
    let box = try Sandbox()
    let running = try Probe.Running([box.url.path, "60", "3000"])
    running.waits(for: "began squares")
    usleep(30_000)
    running.signal(SIGKILL)
    #expect(running.ends() == 128 + SIGKILL)
    let next = try Probe.Running([box.url.path, "60", "0"])
    #expect(next.ends() == 0)
    #expect(next.said.contains("kept numbers"), "\(next.said)")
    #expect(next.said.contains("squares: was cut off and goes on"), "\(next.said)")
    #expect(try box.text(of: "logs/squares.log").contains("goes on at"))
    try isWhole(box)
  }

  @Test func aSecondProcessIsKeptOut() throws {
    let box = try Sandbox()
    let first = try Probe.Running([box.url.path, "60", "50000"])
    first.waits(for: "began numbers")
    let second = try Probe.Running([box.url.path, "60", "0"])
    #expect(second.ends() == 1)
    #expect(
      second.said.contains("another run (process \(first.process.processIdentifier))"),
      "\(second.said)")
    first.signal(SIGINT)
    #expect(first.ends() == 130)
  }

  @Test func aStageThatTrapsIsNamedByItsSupervisor() throws {
    let box = try Sandbox()
    let running = try Probe.Running(["--supervised", box.url.path, "60", "0", "trap"])
    #expect(running.ends() == 1)
    #expect(running.said.contains("in squares, see"), "\(running.said)")
    #expect(running.said.contains("logs/squares.log"))
    let next = try Probe.Running(["--supervised", box.url.path, "60", "0"])
    #expect(next.ends() == 0)
    try isWhole(box)
  }

  @Test func aSupervisedRunHearsSignalsAndDiesWithItsParent() throws {
    let box = try Sandbox()
    let running = try Probe.Running(["--supervised", box.url.path, "60", "200000"])
    running.waits(for: "began numbers")
    running.signal(SIGTERM)
    #expect(running.ends() == 130, "\(running.said)")
    let killed = try Probe.Running(["--supervised", box.url.path, "60", "200000"])
    killed.waits(for: "began numbers")
    killed.signal(SIGKILL)
    #expect(killed.ends() == 128 + SIGKILL)
    // The lock would keep this one out if the worker lived on.
    let next = try Probe.Running(["--supervised", box.url.path, "60", "0"])
    #expect(next.ends() == 0, "\(next.said)")
    try isWhole(box)
  }

  @Test func aFullDiskIsToldAndGoneOnAfter() throws {
    let box = try Sandbox()
    // Files of at most one block: the manifest of 60 numbers is larger.
    let limited = try Probe.Running(
      [box.url.path, "60", "0"], shell: "ulimit -f 4; exec \"$@\"")
    #expect(limited.ends() == 1)
    #expect(limited.said.contains("stage numbers failed"), "\(limited.said)")
    #expect(limited.said.contains("manifest.json"), "\(limited.said)")
    #expect(!box.exists("stages/numbers/manifest.json"))
    let next = try Probe.Running([box.url.path, "60", "0"])
    #expect(next.ends() == 0, "\(next.said)")
    try isWhole(box)
    #expect(!box.files.contains { $0.hasSuffix(".tmp") })
  }
}

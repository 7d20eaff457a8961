import Foundation
import SentioTensor
import Synchronization

extension FeatureStore {
  /// How far filling has come.
  public struct Progress: Hashable, Sendable {
    /// Songs that need work in this run.
    public var total: Int
    /// Songs that were stored in this run.
    public var stored: Int
    /// Songs whose extraction failed in this run.
    public var failed: Int
    /// Songs whose record was there already.
    public var upToDate: Int
    /// The song that was finished last.
    public var song: String
    /// Wall time since the start of this run.
    public var seconds: Double
  }

  /// What a run of filling has done.
  public struct Summary: Hashable, Sendable {
    /// Songs that were stored in this run.
    public var stored: Int
    /// Songs whose record was there already.
    public var upToDate: Int
    /// Songs that failed, now or in an earlier run, with the reasons.
    public var failed: [String: String]
    /// Whether the run was cancelled before its end; a later run resumes.
    public var wasCancelled: Bool
  }

  /// Makes the records that are missing or out of date.
  ///
  /// Songs are handed to `parallelism` threads. Each finished song is committed at once; killing the
  /// process loses the songs in the making only. Memory holds one record a thread, whatever the number of songs.
  ///
  /// ```swift
  /// let stop = CancellationFlag()
  /// let summary = try store.fill(corpus.songs, cancellation: stop) { song in
  ///   FeatureRecord(try features(of: song))
  /// }
  /// ```
  ///
  /// - Parameters:
  ///   - songs: songs with distinct ids.
  ///   - parallelism: number of threads; by default one a core.
  ///   - retriesFailed: whether songs that failed before are tried again; a changed file always is.
  ///   - cancellation: stops the run after the songs in the making.
  ///   - progress: called after each song, one call at a time.
  ///   - extract: computes one song's features; an error is recorded as the song's failure.
  /// - Returns: what was done.
  /// - Throws: ``FeatureStoreError/busy(path:)`` when another process fills the store, `FileError`
  ///   when it can't be written (disk full): what was committed until then stays.
  public func fill(
    _ songs: [Song], parallelism: Int = ProcessInfo.processInfo.activeProcessorCount,
    retriesFailed: Bool = false, cancellation: CancellationFlag = CancellationFlag(),
    progress: @escaping @Sendable (Progress) -> Void = { _ in },
    extract: @escaping @Sendable (Song) throws -> FeatureRecord
  ) throws -> Summary {
    precondition(parallelism > 0, "\(parallelism) threads")
    precondition(Set(songs.map(\.id)).count == songs.count, "song ids are not distinct")
    let lock = try StoreLock(folder)
    defer { withExtendedLifetime(lock) {} }
    let torn = try reload()
    let known = journal.withLock { $0.entries }
    var pending: [(song: Song, fingerprint: String)] = []
    for song in songs {
      let fingerprint = settings.fingerprint.value(of: song.audio)
      if let entry = known[song.id], entry.fingerprint == fingerprint {
        if case .stored = entry.outcome { continue }
        if !retriesFailed { continue }
      }
      pending.append((song, fingerprint))
    }
    if !pending.isEmpty || !torn.isEmpty {
      let writer = try StoreWriter(self, dropping: torn)
      try run(
        pending, upToDate: songs.count - pending.count, writer: writer, parallelism: parallelism,
        cancellation: cancellation, progress: progress, extract: extract)
    }
    let after = journal.withLock { $0.entries }
    var failed: [String: String] = [:]
    var done = 0
    for item in pending {
      guard let entry = after[item.song.id], entry.fingerprint == item.fingerprint else { continue }
      if case .stored = entry.outcome { done += 1 }
    }
    for song in songs {
      if case .failed(let reason) = after[song.id]?.outcome { failed[song.id] = reason }
    }
    return Summary(
      stored: done, upToDate: songs.count - pending.count, failed: failed,
      wasCancelled: cancellation.isCancelled)
  }

  private func run(
    _ pending: [(song: Song, fingerprint: String)], upToDate: Int, writer: StoreWriter,
    parallelism: Int, cancellation: CancellationFlag,
    progress: @escaping @Sendable (Progress) -> Void,
    extract: @escaping @Sendable (Song) throws -> FeatureRecord
  ) throws {
    let start = ContinuousClock.now
    let next = Atomic(0)
    let failure = Mutex<(any Error)?>(nil)
    let counts = Mutex(
      Progress(
        total: pending.count, stored: 0, failed: 0, upToDate: upToDate, song: "", seconds: 0))
    let shape = settings.shape

    /// One song: nil when it was left undone because the run is to stop.
    @Sendable func finish(_ song: Song, _ fingerprint: String) throws -> Bool? {
      let fitted: (values: [Float], length: Int)
      do {
        fitted = try extract(song).fitted(to: shape, song: song.id)
      } catch {
        // What was interrupted has not failed.
        if error is CancellationError || cancellation.isCancelled { return nil }
        try writer.fail(song.id, fingerprint: fingerprint, reason: "\(error)")
        return false
      }
      try writer.store(
        fitted.values, length: fitted.length, song: song.id, fingerprint: fingerprint)
      return true
    }

    Workers.run(count: min(parallelism, max(1, pending.count))) {
      while !cancellation.isCancelled, failure.withLock({ $0 == nil }) {
        let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard index < pending.count else { return }
        let (song, fingerprint) = pending[index]
        do {
          guard let isStored = try finish(song, fingerprint) else { continue }
          counts.withLock { counts in
            if isStored { counts.stored += 1 } else { counts.failed += 1 }
            counts.song = song.id
            counts.seconds = (ContinuousClock.now - start) / .seconds(1)
            progress(counts)
          }
        } catch {
          failure.withLock { if $0 == nil { $0 = error } }
        }
      }
    }
    do {
      try writer.finish()
    } catch {
      failure.withLock { if $0 == nil { $0 = error } }
    }
    if let error = failure.withLock({ $0 }) { throw error }
  }
}

/// Runs a closure on several threads and waits for all of them.
///
/// Threads of our own, since decoders want more stack than Dispatch gives and block on files.
enum Workers {
  private static let stackSize = 8 << 20

  static func run(count: Int, _ body: @escaping @Sendable () -> Void) {
    let group = DispatchGroup()
    for _ in 0..<count {
      group.enter()
      let thread = Thread {
        body()
        group.leave()
      }
      thread.stackSize = stackSize
      thread.start()
    }
    group.wait()
  }
}

import Foundation
import GRDB
import SentioMetrics

/// What came of asking for a promotion.
public struct PromotionOutcome: Encodable, Sendable {
  /// The run, with its status afterwards.
  public var run: RunSummary
  /// The run that was in production before; `nil` where there was none.
  public var replaced: RunSummary?
  /// The gate's verdict; `nil` where there was nothing to be compared with.
  public var gate: RegressionGate?
  /// Whether the run is in production now.
  public var isPromoted: Bool
  /// Whether it is so against the gate's verdict.
  public var wasForced: Bool
  /// What was recorded, or why nothing was.
  public var reason: String
}

extension Registry {
  /// Puts a run into production if it is no worse than the model there.
  ///
  /// The mean CCC of both on the songs that both were tested on is compared with a paired bootstrap; the run
  /// is held back where the whole interval lies on the bad side, or, with a margin, where a loss beyond
  /// the margin can't be ruled out. The model that was in production becomes deprecated.
  ///
  /// - Parameters:
  ///   - reference: as of ``run(_:)``.
  ///   - margin: how much worse the CCC may be for sure; `nil` holds back only what is shown to be worse.
  ///   - force: promotes whatever the gate says, and records that it did.
  ///   - note: what the record says beside the verdict.
  ///   - resampling: resamples and seed of the gate.
  /// - Returns: what happened; a gate that holds a run back is no error.
  /// - Throws: ``RegistryError``, also where there are no common songs and `force` is not set.
  public func promote(
    _ reference: String, margin: Double? = nil, force: Bool = false, note: String = "",
    resampling: Resampling = Resampling()
  ) throws -> PromotionOutcome {
    // One transaction: of two processes that promote at once, the second sees the first's model.
    try write { database in
      let run = try run(reference, in: database)
      let current = try RunSummary.fetchOne(
        database,
        sql: Self.summaryQuery + " WHERE listed.model = ? AND listed.status = ?",
        arguments: [run.model, ModelStatus.production.rawValue])
      if current?.id == run.id {
        return PromotionOutcome(
          run: run, replaced: nil, gate: nil, isPromoted: true, wasForced: false,
          reason: "is in production already")
      }
      var gate: RegressionGate?
      var reason = "the first \(run.model) in production"
      var passes = true
      if let current {
        let pairs = PairedPredictions(
          first: try Self.predictions(of: run.id, in: database),
          second: try Self.predictions(of: current.id, in: database))
        if pairs.truth.count >= 2 {
          let verdict = try RegressionGate(
            candidate: pairs.first, production: pairs.second, truth: pairs.truth,
            scale: pairs.scale, margin: margin, resampling: resampling)
          gate = verdict
          passes = verdict.passes
          reason = "\(verdict), against \(current.version)"
        } else {
          guard force else {
            throw RegistryError.nothingInCommon(first: run.version, second: current.version)
          }
          passes = false
          reason = "no songs in common with \(current.version)"
        }
      }
      guard passes || force else {
        return PromotionOutcome(
          run: run, replaced: current, gate: gate, isPromoted: false, wasForced: false,
          reason: reason)
      }
      let forced = !passes
      if !note.isEmpty { reason += "; \(note)" }
      if let current {
        try Self.decide(
          .deprecated, of: current.id, reason: "replaced by \(run.version)", forced: false,
          in: database)
      }
      try Self.decide(.production, of: run.id, reason: reason, forced: forced, in: database)
      return PromotionOutcome(
        run: try Self.summary(of: run.id, in: database), replaced: current, gate: gate,
        isPromoted: true, wasForced: forced, reason: reason)
    }
  }

  /// Gives a run a status other than production.
  ///
  /// - Parameters:
  ///   - reference: as of ``run(_:)``.
  ///   - status: `.reference`, `.deprecated` or `.candidate`.
  ///   - reason: what the record says.
  /// - Returns: the run, with its status afterwards.
  /// - Throws: ``RegistryError``.
  @discardableResult
  public func mark(
    _ reference: String, as status: ModelStatus, reason: String = ""
  ) throws -> RunSummary {
    precondition(status != .production, "a run is put into production by promote(_:)")
    return try write { database in
      let run = try run(reference, in: database)
      if run.status != status {
        try Self.decide(status, of: run.id, reason: reason, forced: false, in: database)
      }
      return try Self.summary(of: run.id, in: database)
    }
  }

  private static func decide(
    _ status: ModelStatus, of run: Int64, reason: String, forced: Bool, in database: Database
  ) throws {
    try database.execute(
      sql: "UPDATE run SET status = ? WHERE id = ?", arguments: [status.rawValue, run])
    try database.execute(
      sql: "INSERT INTO decision (run, at, status, forced, reason) VALUES (?, ?, ?, ?, ?)",
      arguments: [run, Date(), status.rawValue, forced, reason])
  }
}

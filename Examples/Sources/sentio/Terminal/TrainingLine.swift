import Foundation
import SentioNN

/// One line that shows how far a training has come, and a line that stays for each epoch.
///
/// Quiet when standard error is not a terminal, but for the lines of the epochs. A command hands it the events of a
/// trainer, and lets Ctrl-C end the training after the update in progress, with a checkpoint:
///
/// ```swift
/// Interruption.watch()
/// let line = TrainingLine(measure: "ccc")
/// let outcome = try trainer.train(
///   model, on: training, validation: validation, folder: folder,
///   isCancelled: { Interruption.isRequested }, onEvent: line.show)
/// if outcome.end == .cancelled { throw Interrupted() }
/// ```
final class TrainingLine {
  private let measure: String
  private let isQuiet: Bool
  private var lastDrawn = ContinuousClock.now

  /// - Parameters:
  ///   - measure: The name of the validation's measure that an epoch's line shows beside the losses.
  ///   - isQuiet: Prints nothing at all, as with `--json`.
  init(measure: String, isQuiet: Bool = false) {
    self.measure = measure
    self.isQuiet = isQuiet
  }

  /// Shows what a training tells.
  func show(_ event: TrainingEvent) {
    guard !isQuiet else { return }
    switch event {
    case .resumed(let place): Terminal.note("going on at \(place)")
    case .progress(let progress): draw(progress)
    case .epoch(let record):
      Terminal.note((Terminal.isInteractive ? "\r\u{1B}[K" : "") + line(record))
    case .statistics: break
    }
  }

  private func draw(_ progress: TrainingProgress) {
    let now = ContinuousClock.now
    guard Terminal.isInteractive,
      now - lastDrawn > .milliseconds(100) || progress.batch == progress.batches
    else { return }
    lastDrawn = now
    let fraction = Double(progress.batch) / Double(max(1, progress.batches))
    let filled = Int(min(fraction, 1) * 24)
    let bar = String(repeating: "█", count: filled) + String(repeating: "░", count: 24 - filled)
    let left = progress.secondsLeft.map { ProgressLine.clock($0) + " left" } ?? ""
    let phase = progress.phase == .training ? "" : " validating"
    Terminal.write(
      "\r\u{1B}[Kepoch \(progress.epoch)/\(progress.epochs)\(phase)  \(bar)  "
        + "loss \(String(format: "%.4f", progress.loss))  "
        + "\(ProgressLine.rate(progress.samplesPerSecond)) songs/s  \(left)")
  }

  private func line(_ record: EpochRecord) -> String {
    var line =
      "epoch \(record.epoch): loss \(String(format: "%.4f", record.trainingLoss))"
    if let loss = record.validation["loss"] {
      line += ", validation \(String(format: "%.4f", loss))"
    }
    if let value = record.validation[measure], measure != "loss" {
      line += ", \(measure) \(String(format: "%.4f", value))"
    }
    line += ", \(ProgressLine.clock(record.seconds))"
    line += " (\(ProgressLine.rate(record.samplesPerSecond)) songs/s)"
    return record.isBest ? line + ", best so far" : line
  }
}

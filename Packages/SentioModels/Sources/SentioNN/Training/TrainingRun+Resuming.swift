import Foundation
import SentioTensor

extension TrainingRun {
  /// Takes a folder, and the training that it holds.
  func open(_ url: URL, startsOver: Bool) throws {
    let folder = try CheckpointFolder(url, policy: settings.checkpoints)
    self.folder = folder
    if startsOver { try folder.clear() }
    if folder.holdsTraining { try resume(from: folder) }
    log = try TrainingLog(folder.log, history: state.history)
    if settings.writesTensorBoard {
      board = try TensorBoardWriter(folder: url, from: optimizer.step)
    }
  }

  private func resume(from folder: CheckpointFolder) throws {
    let checkpoint = try TrainingCheckpoint(contentsOf: folder.last)
    var saved = checkpoint.state
    for (setting, expected) in state.identity.sorted(by: { $0.key < $1.key }) {
      let found = saved.identity[setting] ?? "none"
      guard found == expected else {
        throw TrainingError.otherRun(
          path: folder.url.path, setting: setting, expected: expected, found: found)
      }
    }
    try checkpoint.load(into: &model, weights: .trained)
    try checkpoint.restore(&optimizer, &average, of: model)
    // What a process that was killed after saving had no time for.
    if saved.batch == 0, saved.sums == .init(), saved.epoch > 0 { try folder.settle(saved) }
    // Settings are this process's, what they have seen is the other's.
    saved.plateau = settings.plateau.map { plateau in
      saved.plateau.map(plateau.continuing) ?? plateau
    }
    saved.earlyStopping = settings.earlyStopping.map { rule in
      saved.earlyStopping.map(rule.continuing) ?? rule
    }
    state = saved
    onEvent(
      .resumed(
        TrainingPlace(epoch: state.epoch + 1, batch: state.batch + 1, step: optimizer.step)))
  }

  /// Writes the last checkpoint.
  func save() throws {
    guard let folder else { return }
    try TrainingCheckpoint.write(
      state, model: model, optimizer: optimizer, average: average, metadata: settings.metadata,
      to: folder.last)
  }
}

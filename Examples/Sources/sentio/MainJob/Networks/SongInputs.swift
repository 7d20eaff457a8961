import Foundation
import SentioData
import SentioMetrics
import SentioModels
import SentioPipeline
import SentioTensor

/// The records of the stage `spectrograms`, as samples of one network.
struct SongInputs {
  let training: TrainingSongs
  let validation: TrainingSongs
  let test: TrainingSongs
  /// The songs of each, in the samples' order.
  let trainingTable: LabelledTable
  let validationTable: LabelledTable
  let testTable: LabelledTable

  /// Opens the store of a front end.
  init(_ frontEnd: NetworkFrontEnd, _ job: MainJob, _ context: StageContext) throws {
    let (table, file) = try job.songs(context)
    let folder = context.folder(of: "spectrograms").appending(
      path: Self.storeName(frontEnd), directoryHint: .isDirectory)
    let store = try FeatureStore(contentsOf: folder)
    func samples(_ ids: [String]) throws -> (TrainingSongs, LabelledTable) {
      let part = try table.selecting(ids)
      return (
        TrainingSongs(
          InputRecords(try store.records(of: part.ids), frontEnd), emotions: part.points), part
      )
    }
    (training, trainingTable) = try samples(file.split.training)
    (validation, validationTable) = try samples(file.split.validation)
    (test, testTable) = try samples(file.split.test)
  }

  static func storeName(_ frontEnd: NetworkFrontEnd) -> String {
    if case .sequence = frontEnd.input { "steps" } else { "mel" }
  }
}

extension TrainingSongs {
  /// All records as one tensor, `[N, …]`.
  func records() -> Tensor {
    let size = source.extents.reduce(1, *)
    return Tensor(uninitialized: Shape([count] + source.extents)) { target in
      for index in 0..<count {
        source.copyRecord(
          index, to: UnsafeMutableBufferPointer(rebasing: target[index * size..<(index + 1) * size])
        )
      }
    }
  }
}

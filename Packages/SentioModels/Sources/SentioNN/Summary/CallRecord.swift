import SentioTensor
import Synchronization

/// Takes note of which layers are called, and how often.
final class CallRecord: LayerObserver {
  private let state = Mutex<(rows: [ModelSummary.Row], index: [String: Int])>(([], [:]))

  /// A row for each layer, without its parameters.
  var rows: [ModelSummary.Row] { state.withLock { $0.rows } }

  func layer(_ layer: any Module, took inputs: [Tensor], gave output: Tensor) {
    let operations =
      (layer as? any Layer).map { layer in
        inputs.first.map { layer.operationCount(input: $0.shape, output: output.shape) } ?? 0
      } ?? 0
    let path = layer.site.path
    let type = String(describing: Swift.type(of: layer))
    state.withLock { state in
      if let index = state.index[path] {
        state.rows[index].operations += operations
        state.rows[index].calls += 1
      } else {
        state.index[path] = state.rows.count
        state.rows.append(
          .init(
            path: path, type: type, outputShape: Array(output.shape), parameters: 0, trainable: 0,
            operations: operations, calls: 1))
      }
    }
  }
}

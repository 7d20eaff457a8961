import Foundation
import SentioModels
import SentioNN
import SentioTensor

/// A graph with what a file says beside it.
struct ExportedGraph {
  let graph: NetworkGraph
  /// One line for people.
  var title = "A network that Sentio exported"
  /// Names and values that travel in the file.
  var metadata: [String: String] = [:]
  var inputName = "input"
  let outputName = "output"

  init(graph: NetworkGraph) { self.graph = graph }

  /// The graph of a model file, with its settings as metadata.
  ///
  /// - Parameters:
  ///   - file: the model file.
  ///   - embedsFrontEnd: whether the graph takes samples of sound.
  ///   - takesLengths: whether the graph takes lengths.
  ///   - inputShape: the shape of one input; the network's own if nil.
  /// - Throws: `InterchangeError`.
  init(
    _ file: NetworkFile, embedsFrontEnd: Bool, takesLengths: Bool, inputShape: [Int]?
  ) throws {
    let configuration = file.configuration
    if embedsFrontEnd {
      guard let frontEnd = try configuration.networkFrontEnd() else {
        throw InterchangeError.unsupported(
          path: "", reason: "the file has no front end: leave out --embed-front-end")
      }
      inputName = "samples"
      graph = try GraphBuilder.graph(
        of: file.network, inputShape: try frontEnd.samplesShape(), takesLengths: takesLengths
      ) { samples, graph in
        let made = try frontEnd.lowered(samples, in: &graph)
        let batch = Shape([1] + made.shape.extents)
        if let mismatch = configuration.network.mismatch(batch) {
          throw graph.unsupported("the front end makes what the network does not take: \(mismatch)")
        }
        return made
      }
      metadata["sentio.sampleRate"] = "\(frontEnd.sampleRate)"
    } else {
      graph = try GraphBuilder.graph(
        of: file.network, inputShape: inputShape ?? configuration.network.inputShape,
        takesLengths: takesLengths)
    }
    title = configuration.network.title
    metadata["sentio.outputs"] = configuration.outputs.joined(separator: ",")
    metadata["sentio.licence"] = configuration.licence
    metadata["sentio.frontEnd"] = configuration.frontEnd ?? ""
    if let scale = configuration.labelScale { metadata["sentio.scale"] = "\(scale)" }
    metadata = metadata.filter { !$0.value.isEmpty }
  }
}

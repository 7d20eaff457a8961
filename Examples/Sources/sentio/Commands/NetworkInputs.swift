import Foundation
import SentioModels
import SentioTensor

extension NetworkFile {
  /// Reads inputs as the bare network takes them.
  ///
  /// - Parameters:
  ///   - path: an array, `[N, …]`, of at least one input.
  ///   - model: what the network's file is called in an error.
  /// - Returns: the inputs.
  /// - Throws: ``CommandError`` where there is none or they do not fit, or what keeps the file from being read.
  func inputs(npy path: String, for model: String) throws -> Tensor {
    let x = try Tensor(npy: URL(filePath: path))
    guard x.rank > 0, x.shape[0] > 0 else { throw CommandError("\(path): there is nothing in it") }
    if let mismatch = configuration.network.mismatch(of: x) {
      throw CommandError("\(path): does not fit \(model): \(mismatch)")
    }
    return x
  }
}

extension Tensor {
  /// Ranges of rows, one after the other, of which the last may be shorter.
  func batches(of size: Int) -> [Tensor] {
    stride(from: 0, to: shape[0], by: size).map { self[$0..<Swift.min($0 + size, shape[0])] }
  }
}

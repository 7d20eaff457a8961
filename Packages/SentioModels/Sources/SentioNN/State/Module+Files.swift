import Foundation
import SentioTensor

extension Module {
  /// Writes the parameters and the persistent buffers to a safetensors file, whole or not at all.
  ///
  /// - Parameters:
  ///   - url: the file; its folder must exist.
  ///   - metadata: the table of text; `format` is what Hugging Face's libraries look for.
  ///   - elementType: `float32`, or `float16` or `bfloat16`, rounded to nearest.
  /// - Throws: `FileError`.
  public func write(
    to url: URL, metadata: [String: String] = ["format": "pt"],
    as elementType: ElementType = .float32
  ) throws {
    let contents = stateDictionary.map { Safetensors.Content($0, $1, as: elementType) }
    try Safetensors.write(contents, metadata: metadata, to: url)
  }

  /// Takes values for the parameters and the persistent buffers from a safetensors file: all, or none.
  ///
  /// Shapes are compared with the file's header before a tensor is read. Elements of other types are
  /// converted.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - tolerance: what may differ.
  ///   - renaming: the model's path for a name of the file; nil for names to be passed over. Where two
  ///     names become one path, the second in alphabetical order is unexpected.
  /// - Returns: what differs and was tolerated.
  /// - Throws: `FileError`, `SafetensorsError`, and ``StateError`` with all names that do not fit.
  @discardableResult
  public mutating func load(
    contentsOf url: URL, tolerating tolerance: StateTolerance = .none,
    renaming: (String) -> String? = { $0 }
  ) throws -> StateError {
    let file = try Safetensors(contentsOf: url)
    var entries: [String: (name: String, shape: [Int])] = [:]
    var superfluous: [String] = []
    for (name, entry) in file.tensors.sorted(by: { $0.key < $1.key }) {
      guard let path = renaming(name) else { continue }
      if entries[path] == nil {
        entries[path] = (name, entry.shape)
      } else {
        superfluous.append(name)
      }
    }
    var (report, fitting) = compare(entries.mapValues(\.shape), source: url.path)
    report.unexpected += superfluous
    try report.check(tolerance)
    var values: [String: Tensor] = [:]
    for (path, entry) in entries where fitting.contains(path) {
      values[path] = try file.tensor(entry.name)
    }
    forEachState { path, value in if let new = values[path] { value = new } }
    return report
  }
}

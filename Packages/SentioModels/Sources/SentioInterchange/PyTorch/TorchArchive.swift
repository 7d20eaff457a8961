import Foundation
import SentioNN
import SentioTensor

/// A file of `torch.save` with a state dictionary in it, or one of `torch.jit.save`: named tensors.
///
/// Files of PyTorch 1.6 and newer are read (`.pth`, `.pt`, `.bin`: ZIP archives). The names and shapes are checked when the
/// file is opened, and a tensor is read when it is asked for, whatever its strides are and whether it shares its storage
/// with others; 16-bit, 64-bit and whole numbers become `Float`. Nothing in the file is ever run.
///
/// ```swift
/// let archive = try TorchArchive(contentsOf: URL(filePath: "model.pth"))
/// try network.load(archive) { $0.replacing("backbone.", with: "vit.") }
/// ```
///
/// *Reference:* `torch.save`, PyTorch 2.x.
public struct TorchArchive: Sendable {
  /// The file.
  public let url: URL
  /// The number of elements of all storages, each counted once.
  public var elementCount: Int {
    Set(records.values.map(\.storage)).reduce(0) { $0 + $1.count }
  }

  let archive: ZIPArchive
  let folder: String
  let records: [String: TorchTensorRecord]

  /// The most tensors that a file may name.
  static let maximumTensors = 100_000

  /// Opens a file and checks what it says of its tensors.
  ///
  /// - Parameters:
  ///   - url: the file.
  ///   - key: the dictionary to read where the file holds several, such as `state_dict`; if nil the file's own, or one
  ///     of the names that training scripts use.
  /// - Throws: ``InterchangeError`` with the place that is wrong, or with what is refused; `FileError`.
  public init(contentsOf url: URL, key: String? = nil) throws {
    try Self.refuseOldFormat(url)
    let archive: ZIPArchive
    do { archive = try ZIPArchive(contentsOf: url) } catch let error as NPYError {
      throw InterchangeError(error)
    }
    guard let pickle = archive.names.first(where: { $0.hasSuffix("/data.pkl") }) else {
      throw InterchangeError.file(
        path: url.path, position: 0, expected: "an archive of torch.save",
        found: "no data.pkl in it")
    }
    let folder = String(pickle.dropLast("data.pkl".count))
    self.url = url
    self.archive = archive
    self.folder = folder
    do {
      if archive.names.contains(folder + "byteorder") {
        let order = try archive.withBytes(of: folder + "byteorder", limit: 16) {
          String(decoding: $0, as: UTF8.self)
        }
        guard order == "little" else {
          throw InterchangeError.file(
            path: url.path, position: 0, expected: "little-endian numbers",
            found: clippedName(order))
        }
      }
      records = try archive.withBytes(of: pickle, limit: PickleReader.maximumLength) { bytes in
        var reader = PickleReader(bytes, path: "\(url.path) (\(pickle))")
        let value = try reader.read()
        return try Self.records(value, reader, key: key, path: url.path)
      }
    } catch let error as NPYError {
      throw InterchangeError(error)
    }
    for (name, record) in records { try check(name, record) }
  }

  /// The tensors' names, sorted.
  public var names: [String] { records.keys.sorted() }

  /// The extents of a tensor.
  ///
  /// - Parameter name: one of ``names``.
  /// - Returns: the extents, outermost first; nil where there is no tensor of this name.
  public func shape(of name: String) -> [Int]? { records[name]?.shape }

  /// Reads a tensor.
  ///
  /// - Parameter name: one of ``names``.
  /// - Returns: its elements as `Float`, row-major.
  /// - Throws: ``InterchangeError`` for a damaged storage.
  public func tensor(_ name: String) throws -> Tensor {
    guard let record = records[name] else {
      throw InterchangeError.file(
        path: url.path, position: 0, expected: "a tensor \(clippedName(name))",
        found: "\(records.count) others")
    }
    do {
      return try archive.withBytes(of: folder + "data/" + record.storage.key) { bytes in
        record.tensor(from: bytes)
      }
    } catch let error as NPYError {
      throw InterchangeError(error)
    }
  }
}

extension InterchangeError {
  /// The fault of an archive as one of the file that it is.
  init(_ error: NPYError) {
    self = .file(
      path: error.path, position: error.position, expected: error.expected, found: error.found)
  }
}

extension Module {
  /// Takes values for the parameters and the persistent buffers from a file of PyTorch's: all, or none.
  ///
  /// Shapes are compared before a tensor is read.
  ///
  /// - Parameters:
  ///   - archive: the file.
  ///   - tolerance: what may differ.
  ///   - renaming: the model's path for a name of the file; nil for names to be passed over.
  /// - Returns: what differs and was tolerated.
  /// - Throws: `StateError` with all names that do not fit; ``InterchangeError`` for a damaged tensor, or for two
  ///   names that become one path.
  @discardableResult
  public mutating func load(
    _ archive: TorchArchive, tolerating tolerance: StateTolerance = .none,
    renaming: (String) -> String? = { $0 }
  ) throws -> StateError {
    var (shapes, names): ([String: [Int]], [String: String]) = ([:], [:])
    for name in archive.names {
      guard let path = renaming(name) else { continue }
      if let other = names.updateValue(name, forKey: path) {
        throw InterchangeError.file(
          path: archive.url.path, position: 0, expected: "one tensor for \(path)",
          found: "\(clippedName(other)) and \(clippedName(name))")
      }
      shapes[path] = archive.shape(of: name)
    }
    let (report, fitting) = compare(shapes, source: archive.url.path)
    try report.check(tolerance)
    var state: [String: Tensor] = [:]
    for path in fitting { state[path] = try archive.tensor(names[path]!) }
    try load(state, from: archive.url.path, tolerating: .missing)
    return report
  }
}

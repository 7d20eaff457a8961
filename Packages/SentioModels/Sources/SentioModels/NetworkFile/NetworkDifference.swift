import Foundation
import SentioClassical
import SentioNN
import SentioTensor

/// In what two network files differ: settings, tensors, scores.
public struct NetworkDifference: Sendable, Hashable, Codable {
  /// A setting, or another part of the configuration, that is not the same.
  public struct Setting: Sendable, Hashable, Codable {
    /// Its path in the configuration, such as `network.visionEmotion._0.patchSize`.
    public let path: String
    /// What the first file has; nil where it has nothing.
    public let first: String?
    /// What the second file has; nil where it has nothing.
    public let second: String?
  }

  /// A tensor that both files have, with other numbers or in another shape.
  public struct TensorDifference: Sendable, Hashable, Codable {
    /// Its name.
    public let name: String
    /// The extents in the first file.
    public let firstShape: [Int]
    /// The extents in the second file.
    public let secondShape: [Int]
    /// The largest |a − b|; nil where shapes differ.
    public let largest: Double?
    /// ‖a − b‖ / ‖a‖, the relative difference of the whole tensor; nil where shapes differ or a is 0.
    public let relative: Double?
  }

  /// The parts of the configuration that differ, scores among them.
  public var settings: [Setting] = []
  /// Names that the first file has alone.
  public var onlyFirst: [String] = []
  /// Names that the second file has alone.
  public var onlySecond: [String] = []
  /// Tensors that differ, the largest relative difference first.
  public var tensors: [TensorDifference] = []
  /// How many tensors are the same in both, bit for bit.
  public var equalTensors = 0

  /// Whether the files hold the same.
  public var isEmpty: Bool {
    settings.isEmpty && onlyFirst.isEmpty && onlySecond.isEmpty && tensors.isEmpty
  }

  /// Compares two files.
  ///
  /// - Parameters:
  ///   - first: a network's file.
  ///   - second: another.
  /// - Throws: `ModelFileError`, `FileError` and `SafetensorsError` where one cannot be read.
  public init(_ first: URL, _ second: URL) throws {
    let files = try [first, second].map { try Safetensors(contentsOf: $0) }
    let configurations = try files.map { file in
      guard let text = file.metadata[NetworkFile.Key.configuration],
        let value = try? JSONSerialization.jsonObject(with: Data(text.utf8))
      else {
        throw ModelFileError(
          path: file.url.path, part: NetworkFile.Key.configuration,
          expected: "a network's configuration", found: "none")
      }
      return Self.leaves(value)
    }
    let paths = Set(configurations[0].keys).union(configurations[1].keys)
    settings = paths.sorted().compactMap { path in
      let (a, b) = (configurations[0][path], configurations[1][path])
      return a == b ? nil : Setting(path: path, first: a, second: b)
    }
    let (a, b) = (files[0], files[1])
    onlyFirst = a.names.filter { b.tensors[$0] == nil }.sorted()
    onlySecond = b.names.filter { a.tensors[$0] == nil }.sorted()
    for name in a.names {
      guard let entry = a.tensors[name], let other = b.tensors[name] else { continue }
      guard entry.shape == other.shape else {
        tensors.append(
          TensorDifference(
            name: name, firstShape: entry.shape, secondShape: other.shape, largest: nil,
            relative: nil))
        continue
      }
      if let difference = Self.difference(try a.floats(name), try b.floats(name)) {
        tensors.append(
          TensorDifference(
            name: name, firstShape: entry.shape, secondShape: other.shape,
            largest: difference.largest, relative: difference.relative))
      } else {
        equalTensors += 1
      }
    }
    tensors.sort { ($0.relative ?? .infinity, $1.name) > ($1.relative ?? .infinity, $0.name) }
  }

  /// The largest and the relative difference; nil where all bits are the same.
  private static func difference(
    _ a: [Float], _ b: [Float]
  ) -> (largest: Double, relative: Double?)? {
    var (largest, squares, own, isSame) = (0.0, 0.0, 0.0, true)
    for (x, y) in zip(a, b) {
      isSame = isSame && x.bitPattern == y.bitPattern
      let difference = Double(x) - Double(y)
      largest = max(largest, abs(difference))
      squares += difference * difference
      own += Double(x) * Double(x)
    }
    if isSame { return nil }
    return (largest, own > 0 ? (squares / own).squareRoot() : nil)
  }

  /// The values of a JSON text by their paths; the depth is that which the decoder allows.
  private static func leaves(_ value: Any, _ path: String = "") -> [String: String] {
    func join(_ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
    switch value {
    case let table as [String: Any]:
      return table.reduce(into: [:]) { result, entry in
        result.merge(leaves(entry.value, join(entry.key))) { $1 }
      }
    case let list as [Any]:
      return list.enumerated().reduce(into: [:]) { result, entry in
        result.merge(leaves(entry.element, join(String(entry.offset)))) { $1 }
      }
    default: return [path: "\(value)"]
    }
  }
}

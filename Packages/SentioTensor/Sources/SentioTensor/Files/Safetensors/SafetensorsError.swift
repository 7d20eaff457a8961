import Foundation

/// A safetensors file that is not what it claims to be, or does not hold what was asked of it.
public struct SafetensorsError: Error, Sendable, Hashable {
  /// The kind of the fault.
  public enum Kind: String, Sendable, Hashable {
    /// The header's length is more than the file or the format allows.
    case headerLength
    /// The header is not the JSON that the format prescribes.
    case header
    /// A name occurs twice.
    case duplicateName
    /// An element type that this reader does not know.
    case elementType
    /// A shape with an extent that is no natural number, or with too many elements.
    case shape
    /// A range of bytes that ends before it starts, leaves the file, or does not fit the shape.
    case offsets
    /// Two tensors share bytes, or bytes belong to no tensor.
    case layout
    /// No tensor of that name.
    case missing
  }

  /// The file.
  public let path: String
  /// The kind of the fault.
  public let kind: Kind
  /// Where in the file, in bytes from its start.
  public let position: Int
  /// The tensor or the key, where the fault belongs to one.
  public let name: String?
  /// What a sound file would have there.
  public let expected: String
  /// What is there.
  public let found: String
}

extension SafetensorsError: CustomStringConvertible {
  /// One sentence with the file, the place, what was expected and what was found.
  public var description: String {
    let subject = name.map { " of \"\($0)\"" } ?? ""
    return "\(path): byte \(position): \(kind.rawValue)\(subject): expected \(expected), "
      + "found \(found)"
  }
}

extension SafetensorsError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

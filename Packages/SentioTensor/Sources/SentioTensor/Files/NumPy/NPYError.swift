import Foundation

/// An `.npy` or `.npz` file that is not what it claims to be, or holds another kind of array.
public struct NPYError: Error, Sendable, Hashable {
  /// The kind of the fault.
  public enum Kind: String, Sendable, Hashable {
    /// The first bytes are not those of the format.
    case signature
    /// The header is longer than the file or the limit, or is not the text the format prescribes.
    case header
    /// An element type that this reader does not know.
    case elementType
    /// A shape with an extent that is no natural number, or with too many elements.
    case shape
    /// The elements do not fill the file exactly.
    case length
    /// The archive around the arrays is damaged or uses a method that this reader does not know.
    case archive
    /// The archive has no array of that name.
    case missing
  }

  /// The file.
  public let path: String
  /// The kind of the fault.
  public let kind: Kind
  /// Where in the file, in bytes from its start.
  public let position: Int
  /// What a sound file would have there.
  public let expected: String
  /// What is there.
  public let found: String
}

extension NPYError: CustomStringConvertible {
  /// One sentence with the file, the place, what was expected and what was found.
  public var description: String {
    "\(path): byte \(position): \(kind.rawValue): expected \(expected), found \(found)"
  }
}

extension NPYError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

import Foundation

/// A file that could not be opened, read, written or put in its place.
public struct FileError: Error, Sendable, Hashable {
  /// What was being done to the file.
  public enum Operation: String, Sendable, Hashable {
    /// Opening or creating it.
    case open
    /// Reading it or its attributes.
    case read
    /// Writing to it.
    case write
    /// Making sure that it reached the disk.
    case synchronize
    /// Giving it its final name.
    case rename
    /// Making the folder that it belongs into.
    case createFolder = "create the folder"
  }

  /// The file, or the folder that is in the way.
  public let path: String
  /// What was being done.
  public let operation: Operation
  /// The system's error number, such as `ENOSPC`.
  public let code: Int32

  /// Creates an error from the system's error number.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - operation: what was being done.
  ///   - code: the error number, as `errno` had it.
  public init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  /// What the user can do about it; empty where nothing general can be said.
  public var remedy: String {
    switch code {
    case ENOSPC: "the disk is full: free some space or choose another folder"
    case EDQUOT: "the disk quota is used up: free some space or choose another folder"
    case EROFS: "the folder is on a read-only file system: choose another one"
    case EACCES, EPERM: "check the owner and the permissions of the file and its folder"
    case ENOENT: "check the spelling, and that the folder exists"
    case ENOTDIR: "a part of the path is a file and not a folder"
    case EISDIR: "the path is a folder: name a file"
    case EMFILE, ENFILE: "too many files are open: raise the limit (ulimit -n) or use fewer workers"
    case EFBIG: "the file is larger than the file system or a limit (ulimit -f) allows"
    case ENAMETOOLONG: "choose a shorter name"
    case EIO: "the device reports an error: check the disk"
    default: ""
    }
  }
}

extension FileError: CustomStringConvertible {
  /// One sentence with the path, the system's words and the remedy.
  public var description: String {
    let cause = "cannot \(operation.rawValue) \(path): \(String(cString: strerror(code)))"
    return remedy.isEmpty ? cause : "\(cause) (\(remedy))"
  }
}

extension FileError: LocalizedError {
  /// The same sentence, for code that prints `localizedDescription`.
  public var errorDescription: String? { description }
}

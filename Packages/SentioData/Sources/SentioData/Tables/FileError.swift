import Foundation

/// A file operation that the system refused, with the path, the reason and a way out.
public struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
  /// What was being done.
  public enum Operation: String, Hashable, Sendable {
    /// Opening or creating the file.
    case open
    /// Reading from it.
    case read
    /// Writing to it.
    case write
    /// Waiting for the data to reach the disk.
    case synchronize
    /// Moving the finished file to its place.
    case rename
    /// Mapping it into memory.
    case map
    /// Taking the lock that keeps a second writer out.
    case lock
    /// Making a folder.
    case createFolder
  }

  /// Path of the file or folder.
  public var path: String
  /// What was being done.
  public var operation: Operation
  /// The system's `errno`.
  public var code: Int32

  /// Creates an error from an `errno`.
  public init(path: String, operation: Operation, code: Int32) {
    self.path = path
    self.operation = operation
    self.code = code
  }

  /// Whether the disk (or the user's quota) is full.
  public var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

  /// One line: operation, path, the system's words and the way out.
  public var description: String {
    let reason = String(cString: strerror(code))
    let fix: String
    switch code {
    case ENOSPC, EDQUOT: fix = " Free some disk space or choose another disk, then run again."
    case EACCES, EPERM: fix = " Check the owner and the permissions of the folder."
    case EROFS: fix = " The file system is read-only: choose another folder."
    case ENOENT: fix = " Check the path."
    case EMFILE, ENFILE: fix = " Too many open files: raise `ulimit -n`."
    case EWOULDBLOCK: fix = " Another process is using it: wait for it to finish."
    default: fix = ""
    }
    return "cannot \(operation.words) \(path): \(reason) (errno \(code)).\(fix)"
  }
}

extension FileError.Operation {
  fileprivate var words: String {
    switch self {
    case .synchronize: "flush to disk"
    case .createFolder: "create the folder"
    default: rawValue
    }
  }
}

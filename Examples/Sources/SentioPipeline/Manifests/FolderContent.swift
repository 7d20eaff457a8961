import Foundation

/// The content of a folder as one number.
public enum FolderContent {
  /// The hash of the paths, lengths and contents of all files below a folder.
  ///
  /// - Parameter folder: a folder, or a single file.
  /// - Returns: 64 hexadecimal digits.
  /// - Throws: `FileError` where something can't be read.
  public static func hash(of folder: URL) throws -> String {
    FileTree.hash(of: try FileTree.records(below: folder))
  }
}

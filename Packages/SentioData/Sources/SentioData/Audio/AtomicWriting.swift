import Foundation

/// Writes to a sibling, forces it to the disk and renames: the old file or the new one, never a part.
func writeAtomically(_ bytes: Data, to url: URL) throws {
  let temporary = url.deletingLastPathComponent().appendingPathComponent(
    ".\(UUID().uuidString).tmp")
  do {
    guard FileManager.default.createFile(atPath: temporary.path, contents: nil) else {
      throw CocoaError(.fileWriteNoPermission)
    }
    let handle = try FileHandle(forWritingTo: temporary)
    try handle.write(contentsOf: bytes)
    try handle.synchronize()
    try handle.close()
    guard rename(temporary.path, url.path) == 0 else {
      throw CocoaError(.fileWriteUnknown)
    }
  } catch {
    unlink(temporary.path)
    throw error
  }
}

import Foundation

/// A file that a generator made.
///
/// - Parameter path: its path in the folder of golden files.
/// - Returns: its place in the test bundle.
func golden(_ path: String) -> URL {
  Bundle.module.resourceURL!.appending(path: "Golden").appending(path: path)
}

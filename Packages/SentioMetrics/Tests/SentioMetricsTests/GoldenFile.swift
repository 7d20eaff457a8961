import Foundation
import Testing

/// Reads a golden file that `Tests/Generators/generate_golden.py` made.
func golden<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let url = try #require(
    Bundle.module.url(forResource: name, withExtension: "json", subdirectory: "Golden"),
    "Golden/\(name).json is missing; run Tests/Generators/generate_golden.py")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// Sums in another order over a few hundred values.
let peerTolerance = 1e-12
/// Probabilities go through special functions; SciPy's own are good to about 1e-13 relative.
let probabilityTolerance = 1e-11

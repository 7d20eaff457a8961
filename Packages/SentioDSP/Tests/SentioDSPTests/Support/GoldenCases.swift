import Foundation

/// One case of a golden file: its parameters and the values that the peer computed.
struct GoldenCase<Parameters: Decodable & Sendable>: Sendable {
  let parameters: Parameters
  let shape: [Int]
  let values: [Float]
}

private struct Shape: Decodable {
  let shape: [Int]
}

/// Reads `Golden/<path>.json` and `.f32`, which `Tests/Generators/golden_files.py` wrote.
///
/// - Throws: whatever reading throws; a size that does not fit is a failed precondition.
func goldenCases<Parameters: Decodable & Sendable>(
  _ path: String, of type: Parameters.Type
) throws -> [GoldenCase<Parameters>] {
  let base = Bundle.module.resourceURL!.appendingPathComponent("Golden/" + path)
  let json = try Data(contentsOf: base.appendingPathExtension("json"))
  let blob = try Data(contentsOf: base.appendingPathExtension("f32"))
  let floats = blob.withUnsafeBytes { bytes in
    (0..<bytes.count / 4).map { index in
      Float(
        bitPattern: UInt32(
          littleEndian: bytes.loadUnaligned(fromByteOffset: 4 * index, as: UInt32.self)))
    }
  }
  // Parameters carry the peer's own names, `hop_length` and the like.
  let decoder = JSONDecoder()
  decoder.keyDecodingStrategy = .convertFromSnakeCase
  let shapes = try decoder.decode([Shape].self, from: json).map(\.shape)
  let parameters = try decoder.decode([Parameters].self, from: json)
  precondition(
    shapes.reduce(0) { $0 + $1.reduce(1, *) } == floats.count, "\(path): sizes do not fit")
  var start = 0
  return zip(parameters, shapes).map { parameters, shape in
    let count = shape.reduce(1, *)
    defer { start += count }
    return GoldenCase(
      parameters: parameters, shape: shape, values: Array(floats[start..<start + count]))
  }
}

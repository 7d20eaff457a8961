import Foundation
import SentioClassical

/// Reads a golden file that `Tests/Generators/generate_classical.py` wrote.
func golden<Value: Decodable>(_ name: String, as type: Value.Type) throws -> Value {
  let url = Bundle.module.bundleURL.appending(path: "Golden/\(name)")
  return try JSONDecoder().decode(type, from: Data(contentsOf: url))
}

/// The rows that the peers were trained and tested on.
struct GoldenTable: Decodable {
  let columns: Int
  let outputs: Int
  let trainX: [Float]
  let testX: [Float]
  let trainY: [Double]
  let testY: [Double]

  enum CodingKeys: String, CodingKey {
    case columns
    case outputs
    case trainX = "train_x"
    case testX = "test_x"
    case trainY = "train_y"
    case testY = "test_y"
  }

  func train() throws -> (Design, Targets) { try table(trainX, trainY) }
  func test() throws -> (Design, Targets) { try table(testX, testY) }

  private func table(_ x: [Float], _ y: [Double]) throws -> (Design, Targets) {
    (
      try Design(values: x, columnCount: columns),
      try Targets(outputs: ["valence", "arousal"], values: y)
    )
  }
}

/// A table of `rows` × `columns` normal features with two labels, from a seed.
func randomTable(rows: Int, columns: Int, seed: UInt64 = 1) throws -> (Design, Targets) {
  var state = seed
  func uniform() -> Double {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return (Double((mixed ^ (mixed >> 31)) >> 11) + 0.5) * 0x1p-53
  }
  func normal() -> Double { (-2 * log(uniform())).squareRoot() * cos(2 * .pi * uniform()) }
  let x = (0..<rows * columns).map { _ in Float(normal()) }
  let y = (0..<rows).flatMap { row in
    (0..<2).map { output -> Double in
      let a = Double(x[row * columns + output % columns])
      let b = Double(x[row * columns + (output + 1) % columns])
      return tanh(a - 0.5 * b + 0.3 * a * b + 0.2 * normal())
    }
  }
  return (
    try Design(
      rows: (0..<rows).map { "song\($0)" }, columns: (0..<columns).map { "f\($0)" }, values: x),
    try Targets(outputs: ["valence", "arousal"], values: y)
  )
}

/// The folder of real data, where it is there.
let realData: URL? = {
  if let path = ProcessInfo.processInfo.environment["SENTIO_TEST_DATA"] {
    return URL(filePath: path)
  }
  var folder = URL(filePath: #filePath).deletingLastPathComponent()
  while folder.path != "/" {
    folder.deleteLastPathComponent()
    let candidate = folder.appending(path: "shared/data")
    if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
  }
  return nil
}()

import SentioTensor

/// The cases that `Tests/Generators/generate_operations.py` computed.
enum Golden {
  static let operations = try! Safetensors(contentsOf: golden("operations.safetensors"))

  static func tensor(_ name: String) -> Tensor { try! operations.tensor(name) }

  static func integers(_ name: String) -> [Int] { try! operations.floats(name).map { Int($0) } }
}

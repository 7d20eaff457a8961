import SentioTensor
import SentioTensorTestSupport
import Testing

/// Cases of operations with all their gradients, as `Tests/Generators/gradient_cases.py` writes them.
struct GoldenCases {
  /// What a case's name, after its first word, says about how to compute it.
  typealias Operation = @Sendable (_ inputs: [Tensor], _ parameters: [String]) -> Tensor

  /// Single precision carried through a few operations, against double precision.
  ///
  /// Where terms cancel, as in a layer norm's gradient, the error is that of the terms.
  static let tolerance = Tolerance(relative: 1e-5, absolute: 4e-6)

  private let file: Safetensors

  /// - Parameter path: a file below `Golden`.
  init(_ path: String) { file = try! Safetensors(contentsOf: golden(path)) }

  /// The cases' names.
  var names: [String] {
    file.tensors.keys.filter { $0.hasSuffix(".out") }.map { String($0.dropLast(4)) }.sorted()
  }

  func tensor(_ name: String) -> Tensor { try! file.tensor(name) }

  /// How many inputs a case has.
  func inputCount(_ name: String) -> Int {
    (0...).first { file.tensors["\(name).\($0)"] == nil }!
  }

  /// The words of a case's name.
  static func words(_ name: String) -> [String] { name.split(separator: ".").map(String.init) }

  /// Compares the value of a case and the gradient of every input.
  func check(
    _ name: String, within tolerance: Tolerance = tolerance,
    location: SourceLocation = #_sourceLocation, _ operation: Operation
  ) {
    var inputs: [Tensor] = []
    while file.tensors["\(name).\(inputs.count)"] != nil {
      inputs.append(tensor("\(name).\(inputs.count)"))
    }
    let arriving = tensor("\(name).arriving")
    var result = Tensor(0)
    let (_, gradients) = valueAndGradient(of: inputs) { inputs in
      let out = operation(inputs, Array(Self.words(name).dropFirst()))
      result = out.detached()
      return (out * arriving).sum()
    }
    expectClose(result, tensor("\(name).out"), within: tolerance, name, location: location)
    for (index, gradient) in gradients.enumerated() {
      expectClose(
        gradient, tensor("\(name).gradient.\(index)"), within: tolerance,
        "\(name), gradient \(index)", location: location)
    }
  }
}

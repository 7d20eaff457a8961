import Foundation
import SentioNN
import SentioTensor

/// How the golden case of a name is computed here: a module, and how it is called.
struct LayerCase: Sendable {
  /// The module and its inputs, of which `valueAndGradient` differentiates.
  struct Call: TensorGroup {
    var module: any Module
    var inputs: [Tensor]

    mutating func forEachTensor(_ body: (inout Tensor) throws -> Void) rethrows {
      try module.forEachTensor(body)
      try inputs.forEachTensor(body)
    }
  }

  let make: @Sendable (inout RandomStream) -> any Module
  let run: @Sendable (any Module, [Tensor]) -> Tensor
  var isTraining = false

  /// A layer that is called with the one input.
  static func layer(
    training: Bool = false, _ make: @escaping @Sendable (inout RandomStream) -> any Layer
  ) -> LayerCase {
    LayerCase(make: { make(&$0) }, run: { ($0 as! any Layer)($1[0]) }, isTraining: training)
  }

  /// A module that is called in a way of its own.
  static func module<M: Module>(
    _ make: @escaping @Sendable (inout RandomStream) -> M,
    _ run: @escaping @Sendable (M, [Tensor]) -> Tensor
  ) -> LayerCase {
    LayerCase(make: { make(&$0) }, run: { run($0 as! M, $1) })
  }
}

/// A file of golden layers.
func goldenLayers(_ family: String) throws -> Safetensors {
  let url = Bundle.module.resourceURL!.appending(path: "Golden/Layers/\(family).safetensors")
  return try Safetensors(contentsOf: url)
}

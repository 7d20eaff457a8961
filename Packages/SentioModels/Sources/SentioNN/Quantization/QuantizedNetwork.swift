import SentioTensor
import Synchronization

/// A trained network for inference whose linear layers compute in 8-bit integers.
///
/// Post-training quantization: the network is run on typical inputs, each ``Linear`` layer's input is watched, and its
/// weight is rounded row by row. What is between the linear layers, normalization, attention and activations, stays
/// as it is; so do convolutions, and the layers that `keeping` names, of which the last ones matter most.
///
/// ```swift
/// let small = QuantizedNetwork(student, calibration: batches)   // some hundred inputs
/// let emotion = small(x)
/// ```
///
/// A quantized network is not trained: a recorded tensor stops the program. The weights in single precision are those
/// that the integers stand for, so that what is exported, counted or compared is what is computed.
///
/// *Reference:* Jacob et al., "Quantization and training of neural networks for efficient integer-arithmetic-only
/// inference", 2018; weights by row and activations by layer as in PyTorch's `torch.ao.quantization`.
public struct QuantizedNetwork: Sendable {
  /// The network; its quantized layers hold their integers.
  public let network: any Layer

  /// The paths of the quantized layers, and how each rounds its input.
  public var layers: [String: ActivationQuantization] {
    var found: [String: ActivationQuantization] = [:]
    for (path, layer) in network.quantizedLayers { found[path] = layer.input }
    return found
  }

  /// Quantizes a network.
  ///
  /// - Parameters:
  ///   - network: a trained network, in inference.
  ///   - calibration: typical inputs, in batches as the network takes them; at least one.
  ///   - method: which of the numbers that a layer reads are covered.
  ///   - pattern: the layers that stay in single precision, by their paths; nil for none.
  public init(
    _ network: some Layer, calibration: [Tensor],
    method: ActivationCalibrator.Method = .percentile(0.9999),
    keeping pattern: PathPattern? = "{head,classifier}"
  ) {
    precondition(!calibration.isEmpty, "a network is quantized by what it reads: give an input")
    let watch = LinearCalibration(method)
    let watched = network.observed(by: watch)
    for x in calibration { _ = watched(x) }
    let calibrators = watch.calibrators
    var network = network
    network.forEachLinear { path, layer in
      guard let calibrator = calibrators[path], pattern?.matches(path) != true,
        layer.weight.shape[1] <= QuantizedLinear.maximumInputs
      else { return }
      layer.quantize(
        QuantizedLinear(
          weight: layer.weight, bias: layer.bias, activation: layer.activation,
          input: calibrator.quantization))
    }
    self.network = network
  }

  /// Computes the network.
  ///
  /// - Parameter x: a batch as the network takes it.
  /// - Returns: the network's output, in single precision.
  public func callAsFunction(_ x: Tensor) -> Tensor { network(x) }
}

/// Watches what every linear layer of a network reads.
private final class LinearCalibration: LayerObserver {
  private let method: ActivationCalibrator.Method
  private let state = Mutex<[String: ActivationCalibrator]>([:])

  init(_ method: ActivationCalibrator.Method) { self.method = method }

  var calibrators: [String: ActivationCalibrator] { state.withLock { $0 } }

  func layer(_ layer: any Module, took inputs: [Tensor], gave output: Tensor) {
    guard layer is Linear else { return }
    state.withLock { $0[layer.site.path, default: ActivationCalibrator(method)].observe(inputs[0]) }
  }
}

extension Linear {
  /// Computes in integers from now on; the weight becomes what they stand for.
  package mutating func quantize(_ layer: QuantizedLinear) {
    weight = layer.dequantizedWeight()
    quantized = layer
  }
}

extension Module {
  /// Calls a closure with the path of every ``Linear`` and the layer, which it may change.
  package mutating func forEachLinear(
    _ body: @escaping (_ path: String, _ layer: inout Linear) -> Void
  ) {
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onModule = { path, module in
      guard var layer = module as? Linear else { return }
      body(path, &layer)
      module = layer
    }
    visitor.enter(&self)
  }

  /// The linear layers that compute in integers, by path.
  package var quantizedLayers: [String: QuantizedLinear] {
    var found: [String: QuantizedLinear] = [:]
    var copy = self
    copy.forEachLinear { path, layer in found[path] = layer.quantized }
    return found
  }
}

import Foundation
import SentioTensor
import Synchronization

/// Gradients, weights and activations at one update.
public struct StepStatistics: Sendable, Hashable {
  /// One trainable parameter.
  public struct Parameter: Sendable, Hashable {
    /// Its path.
    public let path: String
    /// The norm of its gradient.
    public let gradientNorm: Double
    /// The norm of its values before the update.
    public let weightNorm: Double
  }

  /// What one layer gave.
  public struct Activation: Sendable, Hashable {
    /// The layer's path.
    public let path: String
    /// The mean of its output.
    public let mean: Double
    /// The population standard deviation of its output.
    public let deviation: Double
    /// The share of elements that are exactly 0, as dead rectifiers are.
    public let zeroShare: Double
    /// The largest absolute value.
    public let largest: Double
  }

  /// Where in the training.
  public let place: TrainingPlace
  /// The trainable parameters, in the model's order.
  public let parameters: [Parameter]
  /// The layers that report their calls, in the order of the calls.
  public let activations: [Activation]
}

/// Measures what layers give, call by call.
final class ActivationObserver: LayerObserver {
  private let calls = Mutex<[StepStatistics.Activation]>([])

  var activations: [StepStatistics.Activation] { calls.withLock { $0 } }

  func layer(_ layer: any Module, took inputs: [Tensor], gave output: Tensor) {
    let path = layer.site.path
    let (count, sum, squares, zeros, largest) = output.withUnsafeBufferPointer { values in
      var (sum, squares, zeros, largest) = (0.0, 0.0, 0, Float(0))
      for value in values {
        sum += Double(value)
        squares += Double(value) * Double(value)
        if value == 0 { zeros += 1 }
        largest = max(largest, abs(value))
      }
      return (Double(max(1, values.count)), sum, squares, zeros, largest)
    }
    let mean = sum / count
    let activation = StepStatistics.Activation(
      path: path, mean: mean, deviation: max(0, squares / count - mean * mean).squareRoot(),
      zeroShare: Double(zeros) / count, largest: Double(largest))
    calls.withLock { $0.append(activation) }
  }
}

import CSentioNNKernels
import Foundation
import SentioTensor

extension UpdateRule {
  private typealias Pointer = UnsafeMutablePointer<Float>

  /// Changes a weight and its moments in one pass.
  func apply(
    _ weight: inout Tensor, _ gradient: Tensor, _ slot: inout Optimizer.Slot, rate: Double,
    _ before: sentio_preparation
  ) {
    let steps = Double(slot.steps)
    switch self {
    case .sgd(let momentum, let nesterov):
      let rule = sentio_sgd(
        before: before, rate: Float(rate), momentum: Float(momentum), nesterov: nesterov ? 1 : 0)
      overMemory(rule, &weight, gradient, &slot.moments) { rule, w, g, moments, start, count in
        sentio_sgd_step(
          rule, w + start, g + start, moments.first.map { $0 + start }, count)
      }
    case .rmsProp(let smoothing, let momentum, let isCentered, let epsilon):
      let rule = sentio_rms_prop(
        before: before, rate: Float(rate), kept: Float(smoothing), share: Float(1 - smoothing),
        momentum: Float(momentum), epsilon: Float(epsilon))
      overMemory(rule, &weight, gradient, &slot.moments) { rule, w, g, moments, start, count in
        sentio_rms_prop_step(
          rule, w + start, g + start, moments[0] + start, isCentered ? moments[1] + start : nil,
          momentum == 0 ? nil : moments[moments.count - 1] + start, count)
      }
    case .adam(let beta1, let beta2, let epsilon, let usesLargestSquare):
      let rule = sentio_adam(
        before: before, rate: Float(rate / (1 - pow(beta1, steps))), share1: Float(1 - beta1),
        kept2: Float(beta2), share2: Float(1 - beta2),
        inverse_root: Float(1 / (1 - pow(beta2, steps)).squareRoot()), epsilon: Float(epsilon))
      overMemory(rule, &weight, gradient, &slot.moments) { rule, w, g, moments, start, count in
        sentio_adam_step(
          rule, w + start, g + start, moments[0] + start, moments[1] + start,
          usesLargestSquare ? moments[2] + start : nil, count)
      }
    }
  }

  /// Runs a kernel over ranges of a weight's elements, its gradient's and its moments'.
  private func overMemory<Rule>(
    _ rule: Rule, _ weight: inout Tensor, _ gradient: Tensor, _ moments: inout [Tensor],
    _ kernel: (UnsafePointer<Rule>, Pointer, UnsafePointer<Float>, [Pointer], Int, Int) -> Void
  ) {
    withUnsafePointer(to: rule) { rule in
      weight.withUnsafeMutableBufferPointer { w in
        gradient.withUnsafeBufferPointer { g in
          withPointers(to: &moments, from: 0, []) { moments in
            ParallelLoop.run(w.count, cost: 4) { range in
              kernel(
                rule, w.baseAddress!, g.baseAddress!, moments, range.lowerBound, range.count)
            }
          }
        }
      }
    }
  }

  /// Lends the memory of all tensors at once.
  private func withPointers(
    to tensors: inout [Tensor], from index: Int, _ pointers: [Pointer],
    _ body: ([Pointer]) -> Void
  ) {
    guard index < tensors.count else { return body(pointers) }
    // Taken out of the array, whose elements cannot be lent one inside the other.
    var tensor = tensors[index]
    tensors[index] = Self.nothing
    tensor.withUnsafeMutableBufferPointer {
      withPointers(to: &tensors, from: index + 1, pointers + [$0.baseAddress!], body)
    }
    tensors[index] = tensor
  }

  private static let nothing = Tensor.zeros([0])
}

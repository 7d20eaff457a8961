import CLibSVM
import Dispatch

/// What LIBSVM learned for one output: a weight for each training row, most of them 0, and a shift.
struct KernelSolution: Sendable {
  var weights: [Double]
  var shift: Double
}

/// A training set in the form that LIBSVM reads, shared by every C, epsilon and output.
///
/// Up to ``precomputedLimit`` rows the kernel matrix is precomputed from one matrix product, instead
/// of LIBSVM's sparse inner products for every fit; its `svm_node`s take 16 bytes an element, so
/// larger sets give LIBSVM the rows and let it compute the kernel.
///
/// Thread safety: LIBSVM only reads the problem, so solutions may be computed at once.
final class KernelProblem: @unchecked Sendable {
  /// The largest set whose kernel matrix is precomputed: 8,000 rows take 1 GB.
  static let precomputedLimit = 8000

  let count: Int
  let gamma: Double
  private let precomputed: Bool
  private let nodes: UnsafeMutablePointer<svm_node>
  private let rows: UnsafeMutablePointer<UnsafeMutablePointer<svm_node>?>

  init(_ x: Matrix, products: RowProducts?, gamma: Double) {
    count = x.rows
    self.gamma = gamma
    precomputed = products != nil
    let width = products == nil ? x.columns + 1 : x.rows + 1
    nodes = .allocate(capacity: count * width)
    rows = .allocate(capacity: count)
    for row in 0..<count { (rows + row).initialize(to: nodes + row * width) }
    if let products {
      fill(products)
    } else {
      for row in 0..<count {
        let target = nodes + row * width
        for j in 0..<x.columns {
          (target + j).initialize(
            to: svm_node(index: Int32(j + 1), value: x.values[row * x.columns + j]))
        }
        (target + x.columns).initialize(to: svm_node(index: -1, value: 0))
      }
    }
  }

  deinit {
    nodes.deallocate()
    rows.deallocate()
  }

  private func fill(_ products: RowProducts) {
    let width = count + 1
    nonisolated(unsafe) let nodes = nodes
    let count = count
    let gamma = gamma
    DispatchQueue.concurrentPerform(iterations: count) { row in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: count) { kernel in
        products.kernelRow(row, gamma: gamma, into: kernel.baseAddress!)
        let target = nodes + row * width
        target.initialize(to: svm_node(index: 0, value: Double(row + 1)))
        for j in 0..<count {
          (target + j + 1).initialize(to: svm_node(index: Int32(j + 1), value: kernel[j]))
        }
      }
    }
  }

  /// Solves the problem for one output.
  ///
  /// - Throws: ``ClassicalError/library(name:message:)`` where LIBSVM refuses the settings.
  func solve(
    _ labels: [Double], c: Double, epsilon: Double, tolerance: Double
  ) throws -> KernelSolution {
    precondition(labels.count == count, "\(labels.count) labels, \(count) rows")
    Self.silence
    var labels = labels
    return try labels.withUnsafeMutableBufferPointer { labels in
      var problem = svm_problem(l: Int32(count), y: labels.baseAddress, x: rows)
      var parameter = svm_parameter()
      parameter.svm_type = Int32(EPSILON_SVR)
      parameter.kernel_type = Int32(precomputed ? PRECOMPUTED : RBF)
      parameter.gamma = gamma
      // Room for every row of the kernel matrix, as floats, so that none is computed twice.
      parameter.cache_size = min(2000, max(40, Double(count * count) * 4 / 1_000_000 + 16))
      parameter.eps = tolerance
      parameter.C = c
      parameter.p = epsilon
      parameter.shrinking = 1
      if let message = svm_check_parameter(&problem, &parameter) {
        throw ClassicalError.library(name: "LIBSVM", message: String(cString: message))
      }
      var model = svm_train(&problem, &parameter)
      guard let trained = model else {
        throw ClassicalError.library(name: "LIBSVM", message: "no model came back")
      }
      defer { svm_free_and_destroy_model(&model) }
      var solution = KernelSolution(
        weights: [Double](repeating: 0, count: count), shift: -trained.pointee.rho[0])
      for place in 0..<Int(trained.pointee.l) {
        let row = Int(trained.pointee.sv_indices[place]) - 1
        solution.weights[row] = trained.pointee.sv_coef[0]![place]
      }
      guard solution.shift.isFinite, solution.weights.allSatisfy(\.isFinite) else {
        throw ClassicalError.library(
          name: "LIBSVM", message: "the solution is not finite; standardize the features or lower C"
        )
      }
      return solution
    }
  }

  /// LIBSVM reports its progress on standard output; a library prints nothing.
  private static let silence: Void = svm_set_print_string_function { _ in }
}

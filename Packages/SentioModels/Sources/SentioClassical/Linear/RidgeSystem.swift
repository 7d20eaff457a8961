import CSentioClassicalKernels
import SentioBLAS

/// Sums of products of a block of rows about a fixed origin, which add up and subtract.
///
/// Over the columns `z = (x, y)`, features then labels, less the origin: the sum of `z` and the sum
/// of `z · transpose(z)`. The moments of a training fold are those of all rows less those of the
/// fold that is held out, so a k-fold search reads the table once. The origin is the mean of all
/// rows; without it, the subtraction would cancel where a feature's mean is large beside its spread.
struct RidgeMoments {
  var count: Int
  var sums: [Double]
  var products: [Double]

  static func + (a: RidgeMoments, b: RidgeMoments) -> RidgeMoments { a.combined(b, sign: 1) }
  static func - (a: RidgeMoments, b: RidgeMoments) -> RidgeMoments { a.combined(b, sign: -1) }

  private func combined(_ other: RidgeMoments, sign: Double) -> RidgeMoments {
    var result = self
    result.count += sign > 0 ? other.count : -other.count
    result.sums.withUnsafeMutableBufferPointer { mine in
      for i in mine.indices { mine[i] += sign * other.sums[i] }
    }
    result.products.withUnsafeMutableBufferPointer { mine in
      other.products.withUnsafeBufferPointer { theirs in
        for i in mine.indices { mine[i] += sign * theirs[i] }
      }
    }
    return result
  }
}

/// A table whose features and labels stand side by side less the mean of each, `[N, D + K]`.
struct CenteredTable {
  let featureCount: Int
  let outputCount: Int
  let origin: [Double]
  let joined: Matrix

  /// Joins a table; without `centers` no mean is taken off and the origin is 0.
  init(_ x: Matrix, _ y: Matrix, centers: Bool = true) {
    precondition(x.rows == y.rows, "\(x.rows) rows of features and \(y.rows) of labels")
    featureCount = x.columns
    outputCount = y.columns
    let width = x.columns + y.columns
    let origin =
      centers ? x.columnMeans + y.columnMeans : [Double](repeating: 0, count: width)
    self.origin = origin
    joined = Matrix(
      rows: x.rows, columns: width,
      values: [Double](unsafeUninitializedCapacity: x.rows * width) { target, count in
        for row in 0..<x.rows {
          let base = target.baseAddress! + row * width
          x.values.withUnsafeBufferPointer { source in
            for j in 0..<x.columns { base[j] = source[row * x.columns + j] - origin[j] }
          }
          y.values.withUnsafeBufferPointer { source in
            for j in 0..<y.columns {
              base[x.columns + j] = source[row * y.columns + j] - origin[x.columns + j]
            }
          }
        }
        count = x.rows * width
      })
  }

  /// The moments of the rows `range`.
  func moments(_ range: Range<Int>) -> RidgeMoments {
    let width = joined.columns
    var sums = [Double](repeating: 0, count: width)
    var products = [Double](repeating: 0, count: width * width)
    joined.values.withUnsafeBufferPointer { z in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in range { for j in 0..<width { sums[j] += z[row * width + j] } }
      }
      if !range.isEmpty {
        products.withUnsafeMutableBufferPointer {
          BLAS.syrk(
            z.baseAddress! + range.lowerBound * width, into: $0.baseAddress!, n: width,
            k: range.count)
        }
      }
    }
    return RidgeMoments(count: range.count, sums: sums, products: products)
  }
}

/// The normal equations of one training set, ready to be solved for any number of alphas.
///
/// With centered features X `[N, D]` and labels Y `[N, K]`: `(transpose(X)·X + alpha·I) · W =
/// transpose(X)·Y`. Where the set was standardized, X is divided by the deviation of each column,
/// and W is multiplied back, so W always belongs to the features as they came.
struct RidgeSystem {
  let count: Int
  let featureCount: Int
  let outputCount: Int
  /// The training set's means, features then labels.
  let means: [Double]
  /// What each feature is divided by.
  let scales: [Double]
  let gram: [Double]
  let cross: [Double]

  init(
    _ moments: RidgeMoments, origin: [Double], featureCount: Int, outputCount: Int,
    centers: Bool = true, standardizes: Bool = false
  ) {
    let width = featureCount + outputCount
    let n = Double(moments.count)
    let shift = centers ? moments.sums.map { $0 / n } : [Double](repeating: 0, count: width)
    count = moments.count
    self.featureCount = featureCount
    self.outputCount = outputCount
    means = zip(origin, shift).map { $0 + $1 }
    let sums = moments.sums
    let products = moments.products
    var scales = [Double](repeating: 1, count: featureCount)
    if standardizes {
      for j in 0..<featureCount {
        scales[j] = StandardScaler.scale(
          variance: products[j * width + j] / n - shift[j] * shift[j], mean: origin[j] + shift[j],
          count: moments.count)
      }
    }
    self.scales = scales
    // centered [D, D] and [D, K] of the [D + K, D + K] products
    gram = [Double](unsafeUninitializedCapacity: featureCount * featureCount) { target, filled in
      products.withUnsafeBufferPointer { products in
        for i in 0..<featureCount {
          let inverse = 1 / scales[i]
          for j in i..<featureCount {
            let centered = products[i * width + j] - (centers ? sums[i] * shift[j] : 0)
            target[i * featureCount + j] = centered * inverse / scales[j]
          }
          for j in 0..<i { target[i * featureCount + j] = target[j * featureCount + i] }
        }
      }
      filled = featureCount * featureCount
    }
    cross = (0..<featureCount).flatMap { i in
      (featureCount..<width).map { j in
        (products[i * width + j] - (centers ? sums[i] * shift[j] : 0)) / scales[i]
      }
    }
  }

  /// Coefficients `[K, D]` and intercepts `[K]` of one alpha, by Cholesky.
  func solve(alpha: Double, columns: [String]) throws -> RidgeSolution {
    var factor = gram
    var weights = cross
    for i in 0..<featureCount { factor[i * featureCount + i] += alpha }
    let failed = sentio_cholesky_factor(
      &factor, Int64(featureCount), Double(featureCount) * Double.ulpOfOne)
    guard failed < 0 else {
      throw ClassicalError.singularSystem(column: columns[Int(failed)], alpha: alpha)
    }
    sentio_cholesky_solve(factor, Int64(featureCount), &weights, Int64(outputCount))
    return solution(weights)
  }

  /// Coefficients of every alpha from one eigendecomposition: `W = V · (L + alpha)⁻¹ · transpose(V) ·
  /// C`.
  ///
  /// At 164 columns it costs as much as thirty Cholesky factorizations, so it serves long lists.
  func solve(alphas: [Double], columns: [String]) throws -> [RidgeSolution] {
    let (values, vectors) = try LAPACK.symmetricEigen(gram, n: featureCount)
    let rotated = BLAS.gemm(
      vectors, cross, m: featureCount, n: outputCount, k: featureCount, transposeA: true)
    let largest = values.max() ?? 0
    return try alphas.map { alpha in
      var scaled = rotated
      for i in 0..<featureCount {
        let pivot = values[i] + alpha
        guard pivot > largest * Double(featureCount) * Double.ulpOfOne else {
          throw ClassicalError.singularSystem(column: columns[i], alpha: alpha)
        }
        for k in 0..<outputCount { scaled[i * outputCount + k] /= pivot }
      }
      return solution(
        BLAS.gemm(vectors, scaled, m: featureCount, n: outputCount, k: featureCount))
    }
  }

  /// [D, K] of the scaled features -> [K, D] of the features as they came, and the intercepts.
  private func solution(_ weights: [Double]) -> RidgeSolution {
    var coefficients = [Double](repeating: 0, count: weights.count)
    var intercepts = [Double](repeating: 0, count: outputCount)
    for k in 0..<outputCount {
      var intercept = means[featureCount + k]
      for i in 0..<featureCount {
        let weight = weights[i * outputCount + k] / scales[i]
        coefficients[k * featureCount + i] = weight
        intercept -= weight * means[i]
      }
      intercepts[k] = intercept
    }
    return RidgeSolution(coefficients: coefficients, intercepts: intercepts)
  }
}

/// Coefficients `[K, D]` and intercepts `[K]`.
struct RidgeSolution {
  var coefficients: [Double]
  var intercepts: [Double]
}

import Foundation
import SentioTensor
import SentioTensorTestSupport
import Testing

/// Softmax along any axis, in place of the last: the same numbers, at every remainder of the vectors.
@Suite struct SoftmaxAxisTests {
  static func normal(_ shape: Shape) -> Tensor {
    var stream = RandomStream(seed: 4, "softmax")
    return .normal(shape, standardDeviation: 3, from: &stream)
  }

  /// The definition, in double precision.
  static func reference(_ row: [Float]) -> [Double] {
    let top = Double(row.max()!)
    let e = row.map { exp(Double($0) - top) }
    let sum = e.reduce(0, +)
    return e.map { $0 / sum }
  }

  /// Rows are summed in another order than columns.
  static let tolerance = Tolerance(relative: 2e-6, absolute: 1e-7)

  @Test(arguments: [1, 2, 3, 4, 5, 8, 15, 16, 17, 31, 32, 33, 197, 512, 513, 1027])
  func rowsOfAnyLengthEqualTheDefinition(_ columns: Int) {
    let x = Self.normal([7, columns])
    let y = x.softmax()
    let logarithms = x.logSoftmax()
    for row in 0..<7 {
      let expected = Self.reference(Array(x.scalars[row * columns..<(row + 1) * columns]))
      expectClose(
        y.sliced(row..<row + 1, axis: 0), Tensor(expected.map(Float.init), shape: [1, columns]),
        within: Self.tolerance)
      expectClose(
        logarithms.sliced(row..<row + 1, axis: 0),
        Tensor(expected.map { Float(log($0)) }, shape: [1, columns]),
        within: Tolerance(relative: 1e-6, absolute: 1e-6))
    }
  }

  @Test(arguments: [
    [5, 1, 3], [2, 300, 7], [3, 19, 16], [2, 5, 41], [1, 150, 130], [70, 3, 4],
  ])
  func otherAxesEqualTheLast(_ extents: [Int]) {
    let x = Self.normal(Shape(extents))
    let arriving = Self.normal(Shape(extents)).sin()
    for isLogarithm in [false, true] {
      let (direct, permuted) = [false, true].map { isPermuted in
        valueAndGradient(of: x) { x in
          var y = isPermuted ? x.permuted([0, 2, 1]) : x
          y =
            isLogarithm
            ? y.logSoftmax(axis: isPermuted ? 2 : 1) : y.softmax(axis: isPermuted ? 2 : 1)
          y = isPermuted ? y.permuted([0, 2, 1]) : y
          #expect(y.shape == x.shape)
          return (y * arriving).sum()
        }
      }.pair
      expectClose(
        direct.value, permuted.value, within: Tolerance(relative: 1e-5, absolute: 1e-4))
      expectClose(
        direct.gradient, permuted.gradient, within: Tolerance(relative: 1e-5, absolute: 1e-5))
    }
    expectClose(x.softmax(axis: 0).sum(axes: 0), .ones(Shape(Array(extents.dropFirst()))))
  }

  @Test func whatIsNotFiniteStaysInItsRow() {
    for axis in [0, 1] {
      let shape: Shape = axis == 1 ? [4, 20] : [20, 4]
      var x = Self.normal(shape)
      func set(_ row: Int, _ place: Int, _ value: Float) {
        if axis == 1 { x[element: row, place] = value } else { x[element: place, row] = value }
      }
      set(0, 18, .nan)
      set(1, 3, .infinity)
      for place in 0..<20 { set(2, place, -.infinity) }
      set(3, 19, -.infinity)
      for y in [x.softmax(axis: axis), x.logSoftmax(axis: axis)] {
        let rows = axis == 1 ? y : y.permuted([1, 0])
        for row in 0..<3 { #expect(rows[element: row, 0].isNaN) }
        #expect(rows[element: 3, 0].isFinite)
      }
      let sure = axis == 1 ? x.softmax()[element: 3, 19] : x.softmax(axis: 0)[element: 19, 3]
      #expect(sure == 0)
    }
  }
}

extension Array {
  /// The two elements of an array of two.
  fileprivate var pair: (Element, Element) { (self[0], self[1]) }
}

import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct RearrangementTests {
  private let x = Golden.tensor("reduce.a")

  @Test(arguments: 0..<5) func permutationsEqualNumPys(_ index: Int) {
    let order = Golden.integers("permute.\(index).order")
    let permuted = x.permuted(order)
    expectClose(permuted, Golden.tensor("permute.\(index).out"), within: .exact)
    let inverse = (0..<4).map { axis in order.firstIndex(of: axis)! }
    #expect(permuted.permuted(inverse) == x)
  }

  @Test func slicesEqualNumPys() {
    expectClose(x.sliced(1..<3, axis: 1), Golden.tensor("slice.1"), within: .exact)
    expectClose(x.sliced(5..<30, axis: -1, by: 4), Golden.tensor("slice.3"), within: .exact)
    expectClose(x.gathered([3, 0, 0, 2], axis: 2), Golden.tensor("gather.2"), within: .exact)
    let matrix: Tensor = [[1, 2, 3], [4, 5, 6]]
    #expect(
      matrix[1] == [4, 5, 6] && matrix[...0] == [[1, 2, 3]] && matrix[2...].shape == [0, 3])
    #expect(matrix.selected(-1, axis: 1) == [3, 6] && matrix[element: 1, 2] == 6)
    var changed = matrix
    changed[element: 0, 1] = 9
    #expect(changed == [[1, 9, 3], [4, 5, 6]] && matrix[element: 0, 1] == 2)
  }

  @Test func joiningEqualsNumPys() {
    let padded = x[0].padded([(0, 1), (2, 0), (1, 3)], with: -2)
    expectClose(padded, Golden.tensor("pad"), within: .exact)
    let joined = Tensor.concatenate(
      [x.sliced(..<1, axis: 1), x, x.sliced(2..., axis: 1)], axis: 1)
    expectClose(joined, Golden.tensor("concatenate.1"), within: .exact)
    expectClose(
      Tensor.stack([x[0], x[1]], axis: -1), Golden.tensor("stack.last"), within: .exact)
    let parts = x.split([1, 0, 2], axis: 1)
    #expect(parts.map { $0.shape[1] } == [1, 0, 2])
    #expect(Tensor.concatenate(parts, axis: 1) == x)
  }

  @Test func largeTransposesAreExact() {
    let ramp = Tensor.ramp(700 * 900).reshaped([700, 900])
    let transposed = ramp.transposed()
    #expect(transposed.shape == [900, 700])
    for (i, j) in [(0, 0), (899, 699), (17, 333), (512, 16)] {
      #expect(transposed[element: i, j] == Float(j * 900 + i))
    }
    #expect(transposed.transposed() == ramp)
  }

  @Test func broadcastRepeats() {
    let column: Tensor = [[1], [2]]
    #expect(column.broadcast(to: [2, 3]) == [[1, 1, 1], [2, 2, 2]])
    #expect(Tensor(3).broadcast(to: [2]) == [3, 3])
    #expect(column.expanded(at: 0).shape == [1, 2, 1] && column.squeezed(at: 1) == [1, 2])
  }
}

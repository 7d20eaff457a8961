import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct EmbeddingTests {
  let table: Tensor = [[0, 0], [1, 10], [2, 20]]

  @Test func rowsAreLookedUpInTheirShape() {
    #expect(table.embedding([2, 1]) == [[2, 20], [1, 10]])
    #expect(
      table.embedding([2, 1, 0, 2], shape: [2, 2]) == [[[2, 20], [1, 10]], [[0, 0], [2, 20]]])
    #expect(table.embedding([1], shape: []) == [1, 10])
    #expect(table.embedding([], shape: [0, 4]).shape == [0, 4, 2])
  }

  @Test func usesAddUpAndPaddingGetsNothing() {
    let arriving: Tensor = [[1], [5], [3], [7]]
    let (_, gradient) = valueAndGradient(of: table) {
      ($0.embedding([2, 0, 2, 1], paddingIndex: 0) * arriving).sum()
    }
    #expect(gradient == [[0, 0], [7, 7], [4, 4]])
    let (_, none) = valueAndGradient(of: table) { $0.embedding([]).sum() }
    #expect(none == .zeros([3, 2]))
  }

  @Test func longListsAddUpOnManyThreads() {
    let indices = (0..<3000).map { $0 * 7 % 40 }
    let (_, gradient) = valueAndGradient(of: Tensor.zeros([41, 96])) { table in
      table.embedding(indices, paddingIndex: 3).sum()
    }
    let expected = Tensor((0..<41).map { $0 == 3 || $0 == 40 ? 0 : 75 }, shape: [41, 1])
    #expect(gradient == expected.broadcast(to: [41, 96]))
  }
}

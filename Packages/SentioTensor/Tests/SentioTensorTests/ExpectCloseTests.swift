import SentioTensor
import SentioTensorTestSupport
import Synchronization
import Testing

/// The comparison itself: what it lets pass, and what it says of the rest.
@Suite struct ExpectCloseTests {
  /// The text of the issue that a comparison records; nil if it records none.
  private func complaint(
    _ actual: Tensor, _ expected: Tensor, _ tolerance: Tolerance = .exact
  ) -> String? {
    let text = Mutex<String?>(nil)
    withKnownIssue(isIntermittent: true) {
      expectClose(actual, expected, within: tolerance)
    } matching: { issue in
      text.withLock { $0 = issue.comments.first?.rawValue }
      return true
    }
    return text.withLock { $0 }
  }

  @Test func shapesAreComparedFirst() {
    #expect(
      complaint(.zeros([2, 3]), .zeros([3, 2])) == "shape [2, 3], expected [3, 2]")
    #expect(complaint(Tensor(1), [1])?.contains("shape []") == true)
  }

  @Test func theWorstElementIsNamed() {
    let text = complaint([[1, 2, 3], [4, 5, 6]], [[1, 2.1, 3], [4, 5, 9]])
    #expect(text?.contains("2 of 6") == true && text?.contains("[1, 2]: 6.0, expected 9.0") == true)
    #expect(complaint([1, .nan, 3] as [Float], [1.5, 2, 3])?.contains("at [1]: nan") == true)
  }

  private func complaint(_ actual: [Float], _ expected: Tensor) -> String? {
    complaint(Tensor(actual), expected)
  }

  @Test func tolerancesAddUp() {
    #expect(complaint([100.5], [100], Tolerance(relative: 4e-3, absolute: 0.11)) == nil)
    #expect(complaint([100.5], [100], Tolerance(relative: 4e-3, absolute: 0.09)) != nil)
    #expect(complaint(Tensor([.nan, .infinity]), Tensor([.nan, .infinity])) == nil)
    #expect(complaint(Tensor([.infinity]), Tensor([-.infinity]), .float) != nil)
  }
}

import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct UnfoldingTests {
  static let cases = GoldenCases("Spatial/columns.safetensors")

  @Test(arguments: cases.names.filter { !$0.hasPrefix("pad") })
  func columnsEqualPyTorchs(_ name: String) {
    Self.cases.check(name) { inputs, words in
      let p = CaseParameters(words)
      return name.hasPrefix("unfold")
        ? inputs[0].unfolded2D(
          p.pair("k"), stride: p.pair("s"), dilation: p.pair("d"), padding: p.padding)
        : inputs[0].folded2D(
          to: HeightWidth(height: 7, width: 8), kernel: p.pair("k"), stride: p.pair("s"),
          dilation: p.pair("d"), padding: p.padding)
    }
  }

  @Test func foldingBackWithoutOverlapRestoresTheImage() {
    var stream = RandomStream(seed: 5, "fold")
    let x = Tensor.normal([2, 3, 6, 8], from: &stream)
    let columns = x.unfolded2D(2, stride: 2)
    expectClose(
      columns.folded2D(to: HeightWidth(height: 6, width: 8), kernel: 2, stride: 2), x,
      within: .exact)
  }

  /// MobileViT's unfolding is a reshape and a permutation: a pixel of each patch, then the patches.
  @Test func mobileViTPatchesAreAReshapeAndAPermutation() {
    let (n, c, h, w, p) = (2, 3, 4, 6, 2)
    var stream = RandomStream(seed: 6, "patches")
    let x = Tensor.normal([n, c, h, w], from: &stream)
    // [N·C·H/p, p, W/p, p] -> [N·C·H/p, W/p, p, p] -> [N, C, patches, p²] -> [N·p², patches, C]
    let patches =
      x.reshaped([n * c * h / p, p, w / p, p]).permuted([0, 2, 1, 3])
      .reshaped([n, c, h * w / (p * p), p * p]).permuted([0, 3, 2, 1])
    // Row c·p² + pixel of the columns, column patch.
    let columns = x.unfolded2D(2, stride: 2).reshaped([n, c, p * p, h * w / (p * p)])
    expectClose(patches, columns.permuted([0, 2, 3, 1]), within: .exact)
    let back =
      patches.permuted([0, 3, 2, 1]).reshaped([n * c * h / p, w / p, p, p]).permuted([0, 2, 1, 3])
      .reshaped([n, c, h, w])
    expectClose(back, x, within: .exact)
  }

  @Test func gradientsAgreeWithDifferences() {
    var stream = RandomStream(seed: 7, "unfold")
    let x = Tensor.normal([1, 2, 4, 5], from: &stream)
    checkGradient(of: [x]) { $0[0].unfolded2D(3, stride: 2, padding: .symmetric(1)) }
    let columns = Tensor.normal([1, 12, 8], from: &stream)
    checkGradient(of: [columns]) {
      $0[0].folded2D(
        to: HeightWidth(height: 4, width: 8), kernel: HeightWidth(height: 2, width: 3),
        dilation: HeightWidth(2))
    }
  }
}

import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite struct SummaryTests {
  static func model() -> Sequential {
    var stream = RandomStream(seed: 1, "weights")
    var model = Sequential {
      Linear(1_000, 30, activation: .relu, from: &stream)
      BatchNorm(30)
      Residual(Linear(30, 30, bias: false, from: &stream))
      Dropout(0.5)
      Linear(30, 2, from: &stream).keyed("head")
    }
    model.freeze(matching: "0")
    return model
  }

  @Test func rowsHaveShapesParametersAndOperations() throws {
    let summary = Self.model().summary(inputShape: [4, 1_000])
    #expect(summary.rows.map(\.path) == ["0", "1", "2.body", "2", "3", "head"])
    #expect(
      summary.rows.map(\.type)
        == ["Linear", "BatchNorm", "Linear", "Residual", "Dropout", "Linear"])
    #expect(
      summary.rows.map(\.outputShape) == [
        [4, 30], [4, 30], [4, 30], [4, 30], [4, 30], [4, 2],
      ])
    #expect(summary.rows.map(\.parameters) == [30_030, 121, 900, 0, 0, 62])
    #expect(summary.rows.map(\.trainable) == [0, 60, 900, 0, 0, 62])
    #expect(summary.rows.map(\.operations) == [240_120, 240, 7_200, 120, 0, 488])
    #expect(summary.total == 31_113)
    #expect(summary.trainable == 1_022)
    #expect(summary.nonTrainable == 30_091)
    let copy = try JSONDecoder().decode(
      ModelSummary.self, from: JSONEncoder().encode(summary))
    #expect(copy == summary)
  }

  @Test func theTableReadsAsKerass() {
    let lines = Self.model().summary(inputShape: [4, 1_000]).description
      .split(separator: "\n").map(String.init)
    #expect(lines[0] == "layer   type       output shape  parameters  operations")
    #expect(lines[2] == "0       Linear     [4, 30]           30,030     240,120")
    // What a residual connection adds is an operation of its own.
    #expect(lines[5] == "2       Residual   [4, 30]                0         120")
    #expect(lines[7] == "head    Linear     [4, 2]                62         488")
    #expect(lines[9] == "parameters     31,113 (121.5 KiB)")
    #expect(lines.last == "operations     248,168")
  }

  @Test func sharedLayersHaveOneRowAndUncalledOnesOneEach() {
    let summary = Net().summary { net in
      _ = net.first([[1, 1]])
      _ = net.first([[1, 1], [1, 1]])
    }
    #expect(summary.rows.map(\.path) == ["body.first", "list.0", "list.1", "head", ""])
    #expect(summary.rows[0].calls == 2)
    #expect(summary.rows[0].outputShape == [1, 3])
    #expect(summary.rows[1].outputShape == nil)
    #expect(summary.rows.map(\.parameters) == [9, 6, 4, 3, 1])
  }
}

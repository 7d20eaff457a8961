import SentioBLAS
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite struct DropoutTests {
  /// What is kept, as 0 and 1.
  private func mask(_ shape: Shape, _ p: Float, _ unit: DropoutUnit) -> Tensor {
    var stream = RandomStream(seed: 1, "dropout")
    return Tensor.ones(shape).dropout(p, by: unit, from: &stream) * (1 - p)
  }

  @Test func keptElementsGrowByWhatIsDropped() {
    var stream = RandomStream(seed: 1, "dropout")
    let x = Tensor.normal([100, 1000], from: &stream)
    let start = stream
    let y = x.dropout(0.3, from: &stream)
    #expect(stream.position == start.position + 100_000)
    for (x, y) in zip(x.scalars, y.scalars) { #expect(y == 0 || abs(y - x / 0.7) <= abs(y) * 2e-7) }
    let share = (y .== Tensor(0)).mean().scalar
    // Five standard errors.
    #expect(abs(share - 0.3) < 5 * 1.45e-3)
    expectClose(y.mean(), x.mean(), within: Tolerance(absolute: 5 * 2.1e-3))
  }

  @Test func unitsAreDroppedWhole() {
    let variational = mask([4, 7, 30], 0.5, .along([1]))
    #expect(variational == variational.sliced(0..<1, axis: 1).broadcast(to: [4, 7, 30]))
    #expect(variational.sliced(0..<1, axis: 1) == mask([4, 1, 30], 0.5, .element))
    let channels = mask([20, 5, 3, 4], 0.5, .channel)
    #expect(channels == channels.max(axes: 2, 3, keepingAxes: true).broadcast(to: [20, 5, 3, 4]))
    #expect((20...80).contains(channels.max(axes: 2, 3).sum().scalar))
    #expect(mask([6, 5], 0.5, .channel) == mask([6, 5], 0.5, .element))
    let both = mask([6, 5, 4], 0.5, .along([0, -1]))
    #expect(both == both.sliced(0..<1, axis: 0).sliced(0..<1, axis: 2).broadcast(to: [6, 5, 4]))
  }

  @Test(arguments: [DropoutUnit.element, .along([1]), .channel])
  func theGradientGoesWhereTheNumberWent(_ unit: DropoutUnit) {
    var stream = RandomStream(seed: 2, "gradient")
    let x = Tensor.normal([4, 3, 5], from: &stream)
    let arriving = Tensor.normal([4, 3, 5], from: &stream)
    let start = stream
    let (_, gradient) = valueAndGradient(of: x) { x in
      var stream = start
      return (x.dropout(0.4, by: unit, from: &stream) * arriving).sum()
    }
    var again = start
    #expect(gradient == arriving.dropout(0.4, by: unit, from: &again))
    checkGradient(of: [x]) { inputs in
      var stream = start
      return inputs[0].dropout(0.4, by: unit, from: &stream)
    }
  }

  @Test func certaintyAndImpossibilityAreExact() {
    var stream = RandomStream(seed: 3, "ends")
    let x = Tensor.ramp(5000, from: 1)
    #expect(x.dropout(0, from: &stream) == x && stream.position == 0)
    #expect(x.dropout(1, from: &stream) == .zeros([5000]))
    #expect(x.dropout(1, by: .along([0]), from: &stream) == .zeros([5000]))
    #expect(Tensor.zeros([0, 3]).dropout(0.5, from: &stream).shape == [0, 3])
  }

  @Test func droppedIsZeroWhateverItWas() {
    var stream = RandomStream(seed: 4, "nan")
    for value in [Float.nan, .infinity] {
      for unit in [DropoutUnit.element, .along([1])] {
        let y = Tensor(repeating: value, [200, 3]).dropout(0.5, by: unit, from: &stream)
        let zeros = y.scalars.filter { $0 == 0 }.count
        #expect((150..<450).contains(zeros))
        #expect(y.scalars.filter { !$0.isFinite }.count == 600 - zeros)
      }
    }
  }

  @Test func threadsChangeNoBit() {
    let start = RandomStream(seed: 5, "threads")
    let drop: @Sendable () -> Tensor = {
      var stream = start
      return Tensor.ones([1_000_003]).dropout(0.1, from: &stream)
    }
    #expect(drop() == BLASRuntime.onOneThread(drop))
    var stream = start
    #expect(drop()[0..<777] == Tensor.ones([777]).dropout(0.1, from: &stream))
  }
}

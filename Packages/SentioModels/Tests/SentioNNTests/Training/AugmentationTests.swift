import SentioNN
import SentioTensor
import SentioTensorTestSupport
import Testing

@Suite("Augmentation")
struct AugmentationTests {
  @Test("masks are whole bands of one sample, no wider than allowed, and the rest stays")
  func masking() {
    for (timeAxis, frequencyAxis) in [(1, 2), (2, 1)] {
      var masking = SpectrogramMasking(timeAxis: timeAxis, frequencyAxis: frequencyAxis)
      (masking.timeMasks, masking.longestTime) = (1, 4)
      (masking.frequencyMasks, masking.widestFrequency) = (1, 3)
      masking.fill = .value(-1)
      var seen: Set<[Int]> = []
      for seed in 0..<50 {
        var stream = RandomStream(seed: UInt64(seed), "masks")
        var x = Tensor.ramp(3 * 11 * 7, from: 1).reshaped([3, 11, 7])
        let before = x
        masking.apply(to: &x, from: &stream)
        for sample in 0..<3 {
          let hidden = (x[sample] .== Tensor(-1))
          // Row and column sums tell the bands.
          let columns = hidden.sum(axes: 0).scalars.filter { $0 == 11 }.count
          let rows = hidden.sum(axes: 1).scalars.filter { $0 == 7 }.count
          let (times, bins) = timeAxis == 1 ? (rows, columns) : (columns, rows)
          #expect(times <= 4 && bins <= 3)
          let total = Int(hidden.sum().scalar)
          #expect(total == rows * 7 + columns * 11 - rows * columns)
          seen.insert([times, bins])
          let kept = Tensor(1) - hidden
          #expect(x[sample] * kept == before[sample] * kept)
        }
      }
      #expect(seen.count > 12, "lengths vary: \(seen.count)")
    }
  }

  @Test("time masks lie within a sample's real steps, and the mean can fill them")
  func maskingOfSequences() {
    var masking = SpectrogramMasking(timeAxis: 1, frequencyAxis: 2)
    (masking.frequencyMasks, masking.timeMasks, masking.longestTime) = (0, 2, 100)
    masking.fill = .mean
    for seed in 0..<30 {
      var stream = RandomStream(seed: UInt64(seed), "masks")
      var x = Tensor.normal([2, 20, 3], from: &stream)
      let before = x
      masking.apply(to: &x, lengths: [5, 0], from: &stream)
      #expect(x[0][5...] == before[0][5...] && x[1] == before[1])
    }
  }

  @Test("a shift turns the real steps and leaves the padding")
  func shift() {
    var shifts: Set<Float> = []
    for seed in 0..<60 {
      var stream = RandomStream(seed: UInt64(seed), "shift")
      var x = Tensor.ramp(2 * 6 * 2).reshaped([2, 6, 2])
      let before = x
      FrameShift.apply(to: &x, by: 2, axis: 1, lengths: [6, 4], from: &stream)
      let first = x[0].scalars
      let offset = (0..<6).first { first[$0 * 2] == 0 } ?? -1
      shifts.insert(Float(offset))
      for step in 0..<6 {
        #expect(first[(step + offset) % 6 * 2] == Float(2 * step))
        #expect(first[(step + offset) % 6 * 2 + 1] == Float(2 * step + 1))
      }
      #expect(x[1][4...] == before[1][4...])
      #expect(Set(x[1].scalars) == Set(before[1].scalars))
    }
    #expect(shifts == [0, 1, 2, 4, 5])
    // Along the last axis of a spectrogram.
    var stream = RandomStream(seed: 5, "shift")
    var image = Tensor.ramp(5).reshaped([1, 1, 5]) + Tensor.zeros([1, 3, 1])
    FrameShift.apply(to: &image, by: 4, axis: 2, from: &stream)
    #expect(image[0][0] == image[0][1] && image[0][0] == image[0][2])
  }

  @Test(
    "mixtures are lines between two samples, targets beside inputs, main part and id the sample's own"
  )
  func mixup() {
    var shares: [Float] = []
    for seed in 0..<200 {
      var stream = RandomStream(seed: UInt64(seed), "mixup")
      let values = Tensor.identity(6)
      var batch = LabelledBatch(
        ids: (0..<6).map { "\($0)" }, inputs: values, targets: values * 10,
        lengths: [1, 2, 3, 4, 5, 6])
      Augmentation.mixup(alpha: 0.4).apply(to: &batch, from: &stream)
      expectClose(batch.targets, batch.inputs * 10)
      let rows = batch.inputs.scalars
      for row in 0..<6 {
        let own = rows[row * 6 + row]
        #expect(own >= 0.5 && abs(batch.inputs[row].sum().scalar - 1) < 1e-6)
        let partner = (0..<6).first { $0 != row && rows[row * 6 + $0] > 0 } ?? row
        #expect(batch.lengths?[row] == max(row, partner) + 1)
        if own < 1 { shares.append(own) }
      }
    }
    let smallest = shares.min() ?? 1
    #expect(smallest < 0.55 && shares.contains { $0 > 0.95 })
  }

  @Test("one stream gives one result, and chains apply in order")
  func streams() {
    let chain = Augmentation.frameShift(by: 3, axis: 1).then(.mixup(alpha: 1))
    func result(_ seed: UInt64) -> LabelledBatch {
      var stream = RandomStream(seed: seed, "chain")
      var batch = samples(9, seed: 2)
      chain.apply(to: &batch, from: &stream)
      return batch
    }
    #expect(result(1) == result(1))
    #expect(result(1) != result(2))
  }
}

import SentioModels
import SentioTensor
import Testing

struct LabelCalibrationTests {
  /// A judge that hears half of what is asked for, and a quarter of what real songs have, both beside an offset.
  private static func calibration(hearing slope: Float = 0.25) -> LabelCalibration {
    let asked: [Float] = [-1, 1, -0.5, 0, 0, -1, 0.5, 0.5, 1, -0.5]
    let labels: [Float] = [-0.6, 0.2, 0.1, -0.4, 0.4, 0.6, 0.8, 0]
    return LabelCalibration(
      asked: Tensor(asked, shape: [5, 2]),
      found: Tensor(asked.map { 0.1 + 0.5 * $0 }, shape: [5, 2]),
      labels: Tensor(labels, shape: [4, 2]),
      heard: Tensor(labels.map { 0.2 + slope * $0 }, shape: [4, 2]))
  }

  @Test func aClipIsCalledWhatARealSongWouldBeThatSoundsAlike() {
    let calibration = Self.calibration()
    for line in calibration.lines {
      // found = 0.1 + 0.5 e is a real song of the label (0.1 - 0.2 + 0.5 e) / 0.25.
      #expect(abs(line.offset + 0.4) < 1e-6 && abs(line.slope - 2) < 1e-6)
    }
    let labels = calibration.labels(Tensor([0.1, 0.3, -0.2, 0.9], shape: [2, 2])).scalars
    for (found, expected) in zip(labels, [-0.2, 0.2, -0.8, 1] as [Float]) {
      #expect(abs(found - expected) < 1e-6)
    }
  }

  @Test func labelsStayWhereTheJudgeHearsNothing() {
    let calibration = Self.calibration(hearing: 0)
    #expect(calibration.lines.allSatisfy { $0.offset == 0 && $0.slope == 1 })
    #expect(calibration.labels(Tensor([0.25, -0.75], shape: [1, 2])).scalars == [0.25, -0.75])
  }
}

import SentioModels
import SentioTensor
import Testing

struct OcclusionTests {
  /// Two outputs that each look at one place: bands 6..<9 of frames 10..<14, and the lower of bands 2..<4 of 30..<36.
  static func planted(_ x: Tensor) -> Tensor {
    let first = x.sliced(6..<9, axis: 2).sliced(10..<14, axis: 3).mean(axes: [1, 2, 3])
    let second = -x.sliced(2..<4, axis: 2).sliced(30..<36, axis: 3).mean(axes: [1, 2, 3])
    return Tensor.stack([first, second], axis: 1)
  }

  static var spectrogram: Tensor {
    var stream = RandomStream(seed: 8, "occlusion")
    let x = Tensor.uniform([12, 40], in: 0..<0.2, from: &stream)
    var loud = x
    loud.withUnsafeMutableBufferPointer { values in
      for band in 6..<9 { for frame in 10..<14 { values[band * 40 + frame] = 1 } }
      for band in 2..<4 { for frame in 30..<36 { values[band * 40 + frame] = 1 } }
    }
    return loud
  }

  @Test(arguments: [1, 7, 1000]) func plantedPlacesAreFound(batchSize: Int) throws {
    let found = try Occlusion(
      of: Self.spectrogram, window: HeightWidth(height: 3, width: 4), stride: 1,
      batchSize: batchSize, predict: Self.planted)
    #expect(found.outputs == [1, -1])
    let first = found.strongest(output: 0)
    #expect(first.bands == 6..<9 && first.frames == 10..<14 && first.loss > 0.7)
    // The second output is lower where there is sound: hiding it raises the output.
    let second = found.strongest(output: 1)
    #expect(second.bands.contains(2) && second.bands.contains(3))
    #expect(second.frames.lowerBound >= 30 && second.frames.upperBound <= 36 && second.loss < -0.4)
    // Places that no output looks at lost nothing.
    let map = found.map(output: 0)
    #expect(map.bands == 12 && map.frames == 40)
    #expect(map[0, 0] == 0 && map[11, 39] == 0 && map[2, 32] == 0 && map[7, 12] > 0.1)
    let marked = map.threshold(top: 12.0 / 480)
    for band in 0..<12 {
      for frame in 0..<40 where map[band, frame] > marked {
        #expect((5..<10).contains(band) && (8..<16).contains(frame))
      }
    }
  }

  @Test func windowsReachTheEnds() throws {
    // 40 frames by 16 in steps of 9: 0, 9, 18, and the last that ends at 40.
    var shapes: [Shape] = []
    let found = try Occlusion(
      of: Self.spectrogram, window: HeightWidth(height: 99, width: 16),
      stride: HeightWidth(height: 5, width: 9), batchSize: 3
    ) {
      shapes.append($0.shape)
      return Self.planted($0)
    }
    #expect(found.frames == [0, 9, 18, 24] && found.bands == [0] && found.window.height == 12)
    #expect(shapes == [[1, 1, 12, 40], [3, 1, 12, 40], [1, 1, 12, 40]])
    let map = found.map(output: 1)
    #expect(map.values.allSatisfy { $0.isFinite })
    let plain = try Occlusion(
      of: Self.spectrogram, window: HeightWidth(height: 4, width: 10), value: 0,
      predict: Self.planted)
    #expect(plain.bands == [0, 2, 4, 6, 8] && plain.frames == [0, 5, 10, 15, 20, 25, 30])
  }
}

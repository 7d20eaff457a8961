import Foundation
import SentioDSP
import Testing

@Suite struct RealFFTTests {
  /// Rounding of a float transform grows with the logarithm of its length; this is over ten times
  /// what was seen at length 4096.
  static let transformTolerance: Float = 3e-5

  @Test(arguments: [1, 2, 3, 8, 25, 400, 512, 1001, 2048])
  func equalsTheSumThatDefinesIt(length: Int) {
    let signal = SyntheticSignals.noise(count: length)
    let transform = RealFFT.ofLength(length)
    let found = transform.forward(signal)
    var expected: [Float] = []
    for k in 0..<transform.binCount {
      var re = 0.0
      var im = 0.0
      for n in 0..<length {
        let angle = -2 * Double.pi * Double((k * n) % length) / Double(length)
        re += Double(signal[n]) * cos(angle)
        im += Double(signal[n]) * sin(angle)
      }
      expected += [Float(re), Float(im)]
    }
    expectClose(found, expected, absolute: Self.transformTolerance)
  }

  @Test(arguments: [1, 2, 7, 64, 1001, 2048, 4096])
  func inverseUndoesForward(length: Int) {
    let signal = SyntheticSignals.noise(count: length, seed: 3)
    let transform = RealFFT.ofLength(length)
    expectClose(
      transform.inverse(transform.forward(signal)), signal, absolute: Self.transformTolerance)
  }

  @Test func anUnalignedAddressGivesTheSameBits() {
    let length = 512
    let transform = RealFFT.ofLength(length)
    let signal = SyntheticSignals.noise(count: length)
    let expected = transform.forward(signal)
    var shifted = [Float](repeating: 0, count: length + 1)
    shifted.replaceSubrange(1..., with: signal)
    var found = [Float](repeating: 0, count: 2 * transform.binCount + 1)
    shifted.withUnsafeBufferPointer { input in
      found.withUnsafeMutableBufferPointer { output in
        transform.forward(input.baseAddress! + 1, into: output.baseAddress! + 1)
      }
    }
    #expect(Array(found.dropFirst()) == expected)
  }

  @Test func plansAreSharedByThreads() async {
    let signals = (0..<16).map {
      SyntheticSignals.noise(count: 640 + 2 * ($0 % 4), seed: UInt64($0))
    }
    let alone = signals.map { RealFFT.ofLength($0.count).forward($0) }
    let together = await withTaskGroup(of: (Int, [Float]).self) { group in
      for (index, signal) in signals.enumerated() {
        group.addTask { (index, RealFFT.ofLength(signal.count).forward(signal)) }
      }
      return await group.reduce(into: [Int: [Float]]()) { $0[$1.0] = $1.1 }
    }
    for index in signals.indices { #expect(together[index] == alone[index]) }
    #expect(RealFFT.ofLength(640) === RealFFT.ofLength(640))
  }
}

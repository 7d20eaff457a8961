import SentioDSP
import Testing

@Suite struct DeltaTests {
  /// Both sides compute in Double and round to Float once; scipy fits the edges anew.
  static let relativeTolerance: Float = 1e-5
  static let absoluteTolerance: Float = 1e-5

  struct Parameters: Decodable, Sendable {
    let rows: Int
    let frames: Int
    let width: Int
    let order: Int
    let mode: String
    let cval: Float?

    var edges: DeltaEdges {
      switch mode {
      case "nearest": .nearest
      case "mirror": .mirror
      case "wrap": .wrap
      case "constant": .constant(cval ?? 0)
      default: .interpolate
      }
    }
  }

  /// The generator's rows: noise upon ramps, each row twice the size of the one before; row-major.
  static func rows(_ count: Int, frames: Int) -> [Float] {
    let noise = SyntheticSignals.noise(count: count * frames, seed: 3)
    return noise.indices.map { index in
      let ramp = Float(index % frames) / 64
      return (noise[index] + ramp * 0.125) * Float(1 << (index / frames))
    }
  }

  @Test(arguments: ["interp", "nearest", "mirror", "wrap", "constant"])
  func deltasEqualLibrosa(file: String) throws {
    for golden in try goldenCases("Delta/" + file, of: Parameters.self) {
      let parameters = golden.parameters
      let matrix = FrameMatrix(
        rowMajor: Self.rows(parameters.rows, frames: parameters.frames), rowCount: parameters.rows)
      let found = try matrix.delta(
        order: parameters.order, width: parameters.width, edges: parameters.edges)
      #expect([found.rowCount, found.frameCount] == golden.shape)
      expectClose(
        found.rowMajorValues(), golden.values, relative: Self.relativeTolerance,
        absolute: Self.absoluteTolerance, "\(parameters)")
    }
  }

  @Test func aLineHasItsSlopeAndAParabolaItsCurvature() throws {
    let frames = 21
    let line = (0..<frames).map { Float($0) * 0.75 - 3 }
    let parabola = (0..<frames).map { Float($0 * $0) * 0.5 }
    let matrix = FrameMatrix(rowMajor: line + parabola, rowCount: 2)
    let first = try matrix.delta()
    expectClose(first.row(0), Array(repeating: 0.75, count: frames), relative: 1e-6)
    let second = try matrix.delta(order: 2)
    expectClose(second.row(0), Array(repeating: 0, count: frames), absolute: 1e-6)
    expectClose(second.row(1), Array(repeating: 1, count: frames), relative: 1e-6)
  }

  @Test func aConstantHasNoDelta() throws {
    let matrix = FrameMatrix(repeating: 7.3, frameCount: 5, rowCount: 3)
    for edges in [DeltaEdges.nearest, .mirror, .wrap, .constant(7.3)] {
      let found = try matrix.delta(edges: edges)
      expectClose(found.values, Array(repeating: 0, count: 15), absolute: 1e-6)
    }
  }

  @Test func tooFewFramesAreRefusedOnlyWhereAFitNeedsThem() throws {
    let matrix = FrameMatrix(repeating: 1, frameCount: 8, rowCount: 2)
    #expect(throws: DSPError.self) { try matrix.delta() }
    #expect(try matrix.delta(edges: .nearest).frameCount == 8)
    #expect(try FrameMatrix(frameMajor: [], rowCount: 2).delta().frameCount == 0)
  }
}

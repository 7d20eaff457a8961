import Foundation
import SentioDSP
import Testing

/// Windows, filters, decibels and framing: one golden file for each convention.
@Suite struct ConventionGoldenTests {
  /// Coefficients are computed in double and rounded once; SciPy's may round the other way.
  static let rounding: Float = 2e-7

  struct WindowCase: Decodable, Sendable {
    let name: String
    let count: Int
    let periodic: Bool
  }

  @Test func windowsEqualSciPys() throws {
    for golden in try goldenCases("Spectral/windows", of: WindowCase.self) {
      let window: Window
      switch golden.parameters.name {
      case "hann": window = .hann
      case "hamming": window = .hamming
      case "blackman": window = .blackman
      case "blackmanHarris": window = .blackmanHarris
      case "bartlett": window = .bartlett
      case "kaiser": window = .kaiser(beta: 8.6)
      default: window = .rectangular
      }
      expectClose(
        window.coefficients(
          count: golden.parameters.count,
          symmetry: golden.parameters.periodic ? .periodic : .symmetric),
        golden.values, absolute: Self.rounding,
        "\(golden.parameters.name), \(golden.parameters.count)")
    }
  }

  struct FilterCase: Decodable, Sendable {
    let rate: Double
    let fftLength: Int
    let bands: Int
    let low: Double
    let high: Double
  }

  @Test(arguments: MelScale.allCases, MelNorm.allCases)
  func melFiltersEqualLibrosas(scale: MelScale, norm: MelNorm) throws {
    let file = "Spectral/mel-filters-\(scale.rawValue)-\(norm.rawValue)"
    for golden in try goldenCases(file, of: FilterCase.self) {
      let filters = MelFilterBank(
        sampleRate: golden.parameters.rate, fftLength: golden.parameters.fftLength,
        bandCount: golden.parameters.bands, minimumFrequency: golden.parameters.low,
        maximumFrequency: golden.parameters.high, scale: scale, norm: norm)
      let dense = filters.denseWeights
      let rows = (0..<filters.bandCount).map {
        Array(dense[$0 * filters.binCount..<($0 + 1) * filters.binCount])
      }
      let sums = rows.map { $0.reduce(0, +) }
      let moments = rows.map { row in
        Float(row.enumerated().reduce(0.0) { $0 + Double($1.0) * Double($1.1) } / 1000)
      }
      let sampled = rows.flatMap { row in stride(from: 0, to: row.count, by: 11).map { row[$0] } }
      expectClose(
        sums + moments + sampled, golden.values, relative: 1e-5, absolute: 1e-7,
        "\(file) \(golden.parameters.rate)")
    }
  }

  struct LevelCase: Decodable, Sendable {
    let reference: Double
    let floor: Double
    let range: Double
  }

  @Test func levelsEqualLibrosas() throws {
    for golden in try goldenCases("Spectral/power-to-db", of: LevelCase.self) {
      let scale = DecibelScale(
        reference: golden.parameters.reference == 0
          ? .maximum : .power(golden.parameters.reference),
        floor: golden.parameters.floor,
        dynamicRange: golden.parameters.range < 0 ? nil : golden.parameters.range)
      let count = golden.shape[1]
      expectClose(
        scale.levels(ofPowers: Array(golden.values[..<count])), Array(golden.values[count...]),
        relative: 1e-6, absolute: 1e-5, "\(golden.parameters)")
    }
  }

  struct TransformCase: Decodable, Sendable, SignalCase {
    let kind: String
    let count: Int
    let rate: Int
    let fftLength: Int
    let hop: Int
    let windowLength: Int
    let centered: Bool
    let padding: String
  }

  @Test func transformsEqualLibrosas() throws {
    for golden in try goldenCases("Spectral/stft", of: TransformCase.self) {
      let parameters = golden.parameters
      let padding: Padding =
        switch parameters.padding {
        case "reflect": .reflect
        case "edge": .edge
        default: .zero
        }
      let stft = STFT(
        fftLength: parameters.fftLength, hopLength: parameters.hop,
        windowLength: parameters.windowLength,
        framing: parameters.centered ? .centered(padding) : .leftAligned)
      let found = try stft.complexSpectrogram(parameters.samples)
      let sampled = stride(from: 0, to: found.frameCount, by: 3).flatMap { t in
        stride(from: 0, to: found.binCount, by: 7).flatMap { k in
          [
            found.interleaved[row: 2 * k, frame: t],
            found.interleaved[row: 2 * k + 1, frame: t],
          ]
        }
      }
      // Bins reach 300 here; a float transform rounds at about 1e-7 of the largest.
      expectClose(
        sampled, golden.values, relative: 1e-4, absolute: 5e-5,
        "\(parameters.name) \(parameters.fftLength) \(parameters.padding)")
    }
  }

  struct ChromaCase: Decodable, Sendable {
    let rate: Double
    let fftLength: Int
    let tuning: Double
  }

  @Test func chromaFiltersEqualLibrosas() throws {
    for golden in try goldenCases("Spectral/chroma-filters", of: ChromaCase.self) {
      let filters = ChromaFilterBank(
        sampleRate: golden.parameters.rate, fftLength: golden.parameters.fftLength,
        tuning: golden.parameters.tuning)
      let sampled = (0..<12).flatMap { row in
        stride(from: 0, to: filters.binCount, by: 5).map {
          filters.weights[row * filters.binCount + $0]
        }
      }
      expectClose(sampled, golden.values, relative: 1e-5, absolute: 1e-7)
    }
  }
}

import Foundation
import SentioDSP
import SentioData
import SentioTensor

/// Spoken digits from a folder of recordings, as frames of cepstral coefficients: many to one on real sound.
///
/// Files are named `DIGIT_SPEAKER_TAKE.wav`, as in the Free Spoken Digit Dataset. Each becomes 13 coefficients a frame of 32 ms, every
/// 16 ms, of 40 mel bands.
public struct SpokenDigits: Sendable {
  /// Why a folder could not be used.
  public struct Failure: Error, Hashable, CustomStringConvertible {
    /// The folder or file.
    public let path: String
    /// What is wrong with it.
    public let reason: String

    /// A sentence for people.
    public var description: String { "\(path): \(reason)" }
  }

  /// One recording.
  public struct Recording: Sendable, Hashable {
    /// The file's name without its ending.
    public let id: String
    /// What is said, from 0 to 9.
    public let digit: Int
    /// Who says it.
    public let speaker: String
    /// Which of the speaker's recordings of the digit it is, from 0.
    public let take: Int
    /// The coefficients, `[L, 13]`, flattened.
    public let coefficients: [Float]
  }

  /// Which recordings are kept for the test.
  public enum Division: Sendable, Hashable {
    /// Those below a number of takes: every speaker is known. The dataset's own rule keeps takes 0 to 4 of 50.
    case takes(below: Int)
    /// All of one speaker, whom training has not heard.
    case speaker(String)
  }

  /// The coefficients of a frame.
  public static let features = 13
  /// The front end of the coefficients.
  public static let frontEnd = FrontEnd(
    sampleRate: 8000, fftLength: 256, hopLength: 128, melBands: 40, minimumFrequency: 60,
    maximumFrequency: 4000)

  /// The recordings, by name.
  public let recordings: [Recording]

  /// Reads a folder.
  ///
  /// - Parameter folder: the folder; files of other names are passed over.
  /// - Throws: ``Failure`` where there is no recording in it; `AudioError` where one can't be decoded.
  public init(folder: URL) throws {
    let files: [String]
    do {
      files = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
    } catch {
      throw Failure(path: folder.path, reason: "can't be read; name a folder of recordings")
    }
    let mel = try MelSpectrogram(frontEnd: Self.frontEnd)
    let cepstrum = MFCC(coefficientCount: Self.features, bandCount: Self.frontEnd.melBands)
    recordings = try files.compactMap { file in
      let url = folder.appending(path: file)
      let name = url.deletingPathExtension().lastPathComponent
      let parts = name.split(separator: "_")
      guard url.pathExtension == "wav", parts.count == 3, let digit = Int(parts[0]),
        (0...9).contains(digit), let take = Int(parts[2]), take >= 0
      else { return nil }
      let audio = try AudioDecoder().decode(url, as: AudioFormat(sampleRate: 8000))
      let levels = try mel.levels(audio.samples, parallelism: .serial)
      return Recording(
        id: name, digit: digit, speaker: String(parts[1]), take: take,
        coefficients: cepstrum.coefficients(ofLevels: levels).values)
    }
    guard !recordings.isEmpty else {
      throw Failure(path: folder.path, reason: "holds no files named DIGIT_SPEAKER_TAKE.wav")
    }
  }

  /// The speakers, in alphabetical order.
  public var speakers: [String] { Set(recordings.map(\.speaker)).sorted() }

  /// Recordings for training and for the test; coefficients have mean 0 and deviation 1 over the training's frames.
  ///
  /// - Parameter division: which recordings are kept for the test.
  /// - Returns: samples of ten classes.
  public func divided(_ division: Division) -> (
    training: [TargetedFrames], test: [TargetedFrames]
  ) {
    func isTest(_ recording: Recording) -> Bool {
      switch division {
      case .takes(let bound): recording.take < bound
      case .speaker(let name): recording.speaker == name
      }
    }
    let width = Self.features
    let training = recordings.filter { !isTest($0) }
    var sums = [Double](repeating: 0, count: width)
    var squares = sums
    var frames = 0
    for recording in training {
      frames += recording.coefficients.count / width
      for (index, value) in recording.coefficients.enumerated() {
        sums[index % width] += Double(value)
        squares[index % width] += Double(value) * Double(value)
      }
    }
    let count = Double(max(1, frames))
    let means = sums.map { $0 / count }
    let deviations = squares.enumerated().map {
      max($1 / count - means[$0] * means[$0], 1e-12).squareRoot()
    }
    func sample(_ recording: Recording) -> TargetedFrames {
      let values = recording.coefficients.enumerated().map { index, value in
        Float((Double(value) - means[index % width]) / deviations[index % width])
      }
      return TargetedFrames(
        id: recording.id, frames: Tensor(values, shape: [values.count / width, width]),
        label: recording.digit, of: 10)
    }
    return (training.map(sample), recordings.filter(isTest).map(sample))
  }
}

import ArgumentParser
import Foundation
import SentioDSP
import SentioData

/// How songs are measured, shared by every command that reads audio.
struct MeasurementOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Samples per second that audio is resampled to. Default: 22050, for fbank 16000.",
      valueName: "hz"))
  var sampleRate: Int?
  @Option(help: ArgumentHelp("Length of the Fourier transform, in samples.", valueName: "samples"))
  var fft = 2048
  @Option(help: ArgumentHelp("Samples from one frame to the next.", valueName: "samples"))
  var hop = 512
  @Option(help: ArgumentHelp("Number of mel bands.", valueName: "bands"))
  var mels = 128
  @Option(help: ArgumentHelp("Lower edge of the lowest mel band.", valueName: "hz"))
  var fmin = 20.0
  @Option(help: ArgumentHelp("Upper edge of the highest mel band.", valueName: "hz"))
  var fmax = 8000.0
  @Option(
    help: ArgumentHelp(
      "Seconds of the song that are measured; 'all' for the whole song.", valueName: "seconds"))
  var duration = SongPart.seconds(30)
  @Option(help: ArgumentHelp("Where the measured part begins.", valueName: "seconds"))
  var offset = 0.0

  func validate() throws {
    guard offset >= 0, offset.isFinite else {
      throw ValidationError("--offset must be at least 0 seconds.")
    }
    if let sampleRate, !(1000...768_000).contains(sampleRate) {
      throw ValidationError("--sample-rate must lie between 1000 and 768000.")
    }
  }

  /// The measurement that these options describe.
  func measurement(_ set: FeatureSet = .report164, defaultRate: Int = 22_050) throws
    -> SongMeasurement
  {
    let frontEnd = FrontEnd(
      sampleRate: Double(sampleRate ?? defaultRate), fftLength: fft, hopLength: hop,
      melBands: mels, minimumFrequency: fmin, maximumFrequency: fmax)
    do {
      try frontEnd.validate()
    } catch {
      throw ValidationError("\(error)")
    }
    if fmax > frontEnd.sampleRate / 2 {
      Terminal.note(
        "note: audio at \(Int(frontEnd.sampleRate)) Hz holds nothing above "
          + "\(Int(frontEnd.sampleRate / 2)) Hz; the mel bands up to --fmax \(Int(fmax)) that lie above it "
          + "are empty")
    }
    return SongMeasurement(
      featureSet: set, frontEnd: frontEnd, offset: offset, duration: duration.length)
  }
}

/// How much of a song is measured.
enum SongPart: ExpressibleByArgument, CustomStringConvertible {
  case all
  case seconds(Double)

  init?(argument: String) {
    if argument == "all" {
      self = .all
    } else if let value = Double(argument), value > 0, value.isFinite {
      self = .seconds(value)
    } else {
      return nil
    }
  }

  var length: Double? {
    if case .seconds(let value) = self { return value }
    return nil
  }

  var description: String {
    switch self {
    case .all: "all"
    case .seconds(let value): value == value.rounded() ? "\(Int(value))" : "\(value)"
    }
  }
  var defaultValueDescription: String { description }
}

/// Reads the name of a feature set from the command line.
func parseFeatureSet(_ name: String) throws -> FeatureSet {
  do {
    return try FeatureSet.named(name)
  } catch {
    throw ValidationError(
      "unknown set '\(name)'; there are "
        + FeatureSet.all.map(\.name).joined(separator: ", ") + ".")
  }
}

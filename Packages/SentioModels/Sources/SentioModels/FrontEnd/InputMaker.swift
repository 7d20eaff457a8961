import Foundation
import SentioDSP
import SentioData
import SentioTensor

/// Makes the records of many songs for one front end: decodes the clip, and transforms it.
///
/// May be used by several threads at once; each song is worked on by the calling thread alone.
public final class InputMaker: Sendable {
  /// What is made, and how.
  public let frontEnd: NetworkFrontEnd
  private let decoder: AudioDecoder
  private let transform: Transform

  private enum Transform: Sendable {
    case spectrogram(SpectrogramInput, MelSpectrogram)
    case sequence(SequenceInput, FeatureExtractor)
    case segments(SegmentInput, MelSpectrogram, MFCC)
    case filterBank(ASTFrontEnd)
  }

  /// A song's record, and what was found on the way.
  public struct Made: Sendable {
    /// The record.
    public var record: FeatureRecord
    /// What was found while decoding, such as damage to the file.
    public var warnings: [AudioWarning]
  }

  /// Prepares transforms and filters.
  ///
  /// - Parameters:
  ///   - frontEnd: what is made, and how.
  ///   - limits: what one audio file may cost at most.
  /// - Throws: `DSPError` where settings are out of range or don't fit together.
  public init(_ frontEnd: NetworkFrontEnd, limits: AudioLimits = .standard) throws {
    try frontEnd.validate()
    self.frontEnd = frontEnd
    decoder = AudioDecoder(limits: limits)
    switch frontEnd.input {
    case .spectrogram(let input):
      transform = .spectrogram(input, try MelSpectrogram(frontEnd: input.frontEnd))
    case .sequence(let input):
      transform = .sequence(input, try FeatureExtractor(set: .report164, frontEnd: input.frontEnd))
    case .segments(let input):
      transform = .segments(
        input, try MelSpectrogram(frontEnd: input.frontEnd),
        MFCC(coefficientCount: input.coefficients, bandCount: input.frontEnd.melBands))
    case .filterBank(let input): transform = .filterBank(input)
    }
  }

  /// The record of a signal.
  ///
  /// - Parameter samples: one channel at the front end's rate, from the clip's beginning; what is beyond its end is
  ///   passed over. Silence is legal.
  /// - Returns: the record, as ``NetworkFrontEnd/recordShape`` says; of a sequence the real steps alone.
  /// - Throws: `DSPError.emptySignal`, and `DSPError.nonFiniteSample(index:value:)` with the first that is no number.
  public func record(of samples: [Float]) throws(DSPError) -> FeatureRecord {
    if samples.isEmpty { throw .emptySignal }
    if let index = samples.firstIndex(where: { !$0.isFinite }) {
      throw .nonFiniteSample(index: index, value: samples[index])
    }
    switch transform {
    case .spectrogram(let input, let mel):
      return FeatureRecord(try input.record(samples, mel: mel))
    case .sequence(let input, let extractor):
      return FeatureRecord(try input.record(samples, extractor: extractor))
    case .segments(let input, let mel, let cepstrum):
      return FeatureRecord(try input.record(samples, mel: mel, cepstrum: cepstrum))
    case .filterBank(let input):
      do {
        return FeatureRecord(
          try input(samples, sampleRate: ASTFrontEnd.sampleRate).values)
      } catch let error as DSPError {
        throw error
      } catch {
        preconditionFailure("\(error)")
      }
    }
  }

  /// The record of an audio file.
  ///
  /// - Parameter url: a file of any format that FFmpeg reads.
  /// - Returns: the record, and warnings about the file.
  /// - Throws: `AudioError` that names the file, or `DSPError` where its samples can't be transformed.
  public func record(audio url: URL) throws -> Made {
    let audio = try decoder.decode(
      url, as: AudioFormat(sampleRate: frontEnd.sampleRate), range: frontEnd.range, threads: 1)
    return Made(record: try record(of: audio.samples), warnings: audio.warnings)
  }

  /// The network's input for one record: one sample, or one for each segment.
  ///
  /// - Parameter record: what ``record(of:)`` gave.
  /// - Returns: the input, `[N, …]`, and the real steps of each sample where the front end knows them.
  public func input(_ record: FeatureRecord) -> (values: Tensor, lengths: [Int]?) {
    let source = InputRecords([record], ids: ["song"], frontEnd)
    let count = source.ids.count
    let records = Tensor(uninitialized: Shape([count] + source.extents)) { buffer in
      let size = buffer.count / count
      for index in 0..<count {
        source.copyRecord(
          index,
          to: UnsafeMutableBufferPointer(rebasing: buffer[index * size..<(index + 1) * size]))
      }
    }
    return (frontEnd.inputs(records, lengths: source.realSteps), source.realSteps)
  }
}

extension NetworkFrontEnd {
  /// From records to a network's inputs.
  ///
  /// - Parameters:
  ///   - records: `[N, …]` as ``InputRecords`` delivers them: of segments `[N, frames, coefficients]`.
  ///   - lengths: the real steps of each record; nil where all are real.
  /// - Returns: `[N, …]` as ``inputShape`` says.
  public func inputs(_ records: Tensor, lengths: [Int]? = nil) -> Tensor {
    switch input {
    case .spectrogram(let input): return input.inputs(records)
    case .sequence, .segments: return standardization?(records, lengths: lengths) ?? records
    case .filterBank: return records
    }
  }
}

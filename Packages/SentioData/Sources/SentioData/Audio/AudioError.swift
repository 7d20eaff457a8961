import Foundation

/// Why a file could not be decoded or written, with what to do about it.
public struct AudioError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What kind of thing went wrong.
  public enum Kind: Sendable, Hashable {
    /// No file has this path.
    case notFound
    /// The path names a folder, a pipe or a device.
    case notAFile
    /// The system does not let us read the file.
    case unreadable
    /// The file has no bytes.
    case emptyFile
    /// No container that FFmpeg knows begins like this.
    case notAudio
    /// The container holds no audio stream.
    case noAudioStream
    /// FFmpeg was built without a decoder (or encoder) for this codec.
    case unsupportedCodec(String)
    /// The file is well formed and holds not one sample.
    case noSamples
    /// Not one frame of the audio could be decoded.
    case damaged
    /// The range begins at or after the end of the audio.
    case rangeOutside
    /// One of ``AudioLimits`` would be exceeded.
    case limitExceeded
    /// The time of ``AudioLimits/duration`` is spent.
    case timedOut
    /// The surrounding task was cancelled.
    case cancelled
    /// The system does not let us write there.
    case unwritable
    /// The encoder can't take this rate, channel count or bit rate.
    case unsupportedFormat
  }

  /// What kind of thing went wrong.
  public let kind: Kind
  /// The path of the file.
  public let path: String
  /// What was found and what was expected.
  public let detail: String
  /// Where it went wrong in seconds of the source, where that is known.
  public let position: Double?

  init(_ kind: Kind, path: String, detail: String, position: Double? = nil) {
    self.kind = kind
    self.path = path
    self.detail = detail
    self.position = position
  }

  /// What the user can do about it.
  public var fix: String {
    switch kind {
    case .notFound: "Check the path; relative paths start at the current folder."
    case .notAFile: "Name a regular file; for a folder, name the files in it."
    case .unreadable: "Give this user the right to read the file (chmod u+r)."
    case .emptyFile: "Copy or download the file again; it has 0 bytes."
    case .notAudio: "Check that the file is audio whatever its name says (try ffprobe)."
    case .noAudioStream: "Choose a file that holds an audio stream."
    case .unsupportedCodec: "Install an FFmpeg that has this codec, or convert the file."
    case .noSamples: "Leave the file out; there is nothing to hear in it."
    case .damaged: "Copy or download the file again, or leave it out."
    case .rangeOutside: "Ask for a range that begins before the end of the audio."
    case .limitExceeded: "Ask for a shorter range, or raise AudioLimits if you trust the file."
    case .timedOut: "Ask for a shorter range, or raise AudioLimits.duration."
    case .cancelled: "Run it again; nothing was left half-done."
    case .unwritable: "Choose a folder that exists, has room and may be written."
    case .unsupportedFormat: "Choose a rate, channel count or bit rate that the codec has."
    }
  }

  /// Path, position, what was found, and the fix, in one line.
  public var description: String {
    let place = position.map { " at \(String(format: "%.3f", $0)) s" } ?? ""
    return "\(path)\(place): \(detail). \(fix)"
  }
}

/// Something in a file that was skipped or mended while the rest was decoded.
public struct AudioWarning: Sendable, Hashable, CustomStringConvertible {
  /// Where it happened, in seconds of the source's timeline.
  public let position: Double
  /// The byte offset in the file, where it is known.
  public let byteOffset: Int64?
  /// What happened.
  public let message: String

  /// Position and message in one line.
  public var description: String {
    let bytes = byteOffset.map { " (byte \($0))" } ?? ""
    return "at \(String(format: "%.3f", position)) s\(bytes): \(message)"
  }
}

extension AudioError: LocalizedError {
  /// The same as ``description``.
  public var errorDescription: String? { description }
}

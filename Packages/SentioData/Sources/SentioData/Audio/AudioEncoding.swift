import CFFmpeg

/// A file format to write, with the settings that matter.
public enum AudioEncoding: Sendable, Hashable {
  /// How a WAV file stores a sample.
  public enum WAVSample: Sendable, Hashable {
    /// 16-bit integers, rounded to nearest without dither.
    case int16
    /// 24-bit integers, rounded to nearest without dither.
    case int24
    /// 32-bit floats: nothing is rounded and nothing clips.
    case float32
  }

  /// How many bits a FLAC file keeps of a sample.
  public enum FLACDepth: Int, Sendable, Hashable {
    /// 16 bits.
    case bits16 = 16
    /// 24 bits.
    case bits24 = 24
  }

  /// Uncompressed RIFF WAVE, up to 2 GiB.
  case wav(WAVSample = .int16)
  /// Lossless FLAC.
  case flac(FLACDepth = .bits16)
  /// MP3 at a constant bit rate in bits per second, by LAME, mono or stereo.
  ///
  /// At 32 to 48 kHz: 32,000 to 320,000; below: 8,000 to 160,000 (at 8 to 12 kHz: to 64,000). The
  /// header tells delay and padding, so that decoding gives the same count of samples.
  case mp3(bitRate: Int = 128_000)
  /// Ogg Vorbis at a quality from -1 (smallest) to 10 (best).
  case ogg(quality: Double = 5)

  var muxerName: String {
    switch self {
    case .wav: "wav"
    case .flac: "flac"
    case .mp3: "mp3"
    case .ogg: "ogg"
    }
  }

  var encoderName: String {
    switch self {
    case .wav(.int16): "pcm_s16le"
    case .wav(.int24): "pcm_s24le"
    case .wav(.float32): "pcm_f32le"
    case .flac: "flac"
    case .mp3: "libmp3lame"
    case .ogg: "libvorbis"
    }
  }

  var sampleFormat: AVSampleFormat {
    switch self {
    case .wav(.int16), .flac(.bits16): AV_SAMPLE_FMT_S16
    case .wav(.int24), .flac(.bits24): AV_SAMPLE_FMT_S32
    case .wav(.float32): AV_SAMPLE_FMT_FLT
    case .mp3, .ogg: AV_SAMPLE_FMT_FLTP
    }
  }

  /// Why this rate and channel count can't be written, or nil.
  func objection(sampleRate: Int, channelCount: Int) -> String? {
    switch self {
    case .wav:
      if channelCount > 64 { return "WAV is written with at most 64 channels" }
      return (1...768_000).contains(sampleRate) ? nil : "WAV is written at 1 to 768,000 Hz"
    case .flac:
      if channelCount > 8 { return "FLAC has at most 8 channels" }
      return (1...655_350).contains(sampleRate) ? nil : "FLAC has rates of 1 to 655,350 Hz"
    case .mp3(let bitRate):
      if channelCount > 2 { return "MP3 has at most 2 channels" }
      let kilobits: [Int]
      switch sampleRate {
      case 32_000, 44_100, 48_000:
        kilobits = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320]
      case 16_000, 22_050, 24_000:
        kilobits = [8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160]
      case 8_000, 11_025, 12_000:
        kilobits = [8, 16, 24, 32, 40, 48, 56, 64]
      default:
        return "MP3 has the rates 8, 11.025, 12, 16, 22.05, 24, 32, 44.1 and 48 kHz"
      }
      return bitRate % 1_000 == 0 && kilobits.contains(bitRate / 1_000)
        ? nil : "MP3 at \(sampleRate) Hz has the bit rates \(kilobits) kbit/s"
    case .ogg(let quality):
      if channelCount > 8 { return "Vorbis is written with at most 8 channels" }
      if !(8_000...192_000).contains(sampleRate) {
        return "Vorbis is written at 8 to 192 kHz"
      }
      return (-1...10).contains(quality) ? nil : "Vorbis has qualities of -1 to 10"
    }
  }
}

import CSentioDataKernels
import Foundation

/// Plays a score: 44.1 kHz, mono, 16 bits, the same bytes on every machine and thread count.
///
/// Works as a sampler: each tone that the score needs is rendered once at the longest length asked
/// for, then every note adds a stretch of it to the mix. Reverberation, overdrive and mastering run
/// over the mix.
public struct SongRenderer: Sendable {
  /// Samples per second.
  public static let sampleRate = 44_100

  /// Creates a renderer.
  public init() {}

  /// Samples of readable silence on either side of the mix, for the filters that look around.
  private static let margin = 16

  /// A tone of the sampler.
  private struct ToneKey: Hashable {
    var patch: Int
    var pitch: Int
    var brightness: Int
  }

  private struct Tone {
    var offset: Int
    var count: Int
  }

  /// Renders a score.
  ///
  /// - Parameter score: what ``SongComposer`` wrote.
  /// - Returns: `duration · 44100` samples, soft-clipped within ±32000.
  public func render(_ score: Score) -> [Int16] {
    let count = Int((score.duration * Double(Self.sampleRate)).rounded())
    let dry = SampleMemory(count: count + 2 * Self.margin)
    let send = SampleMemory(count: count + 2 * Self.margin)
    let isDriven = score.parts.contains(where: \.isDriven)
    let drive = SampleMemory(count: isDriven ? count + 2 * Self.margin : 0)
    playNotes(of: score, count: count, dry: dry, send: send, drive: drive)
    playStrokes(of: score, count: count, dry: dry, send: send)

    let mix = dry.pointer + Self.margin
    if isDriven {
      sentio_synth_overdrive_add(
        mix, drive.pointer + Self.margin, count, Float(score.mastering.drive), 0.28)
    }
    let memory = SampleMemory(count: Int(SENTIO_SYNTH_REVERB_MEMORY))
    sentio_synth_reverb_add(
      mix, send.pointer + Self.margin, count, memory.pointer, Float(score.mastering.room), 0.8)
    fade(mix, count: count)

    let rms = (sentio_synth_energy(mix, count) / Double(count)).squareRoot()
    let gain = DeterministicMath.amplitude(decibels: score.mastering.level) / max(rms, 1e-6)
    return [Int16](unsafeUninitializedCapacity: count) { buffer, initialized in
      if let out = buffer.baseAddress {
        sentio_synth_master(out, mix, count, Float(gain), Float(score.mastering.tilt))
      }
      initialized = count
    }
  }

  private func playNotes(
    of score: Score, count: Int, dry: SampleMemory, send: SampleMemory, drive: SampleMemory
  ) {
    let rate = Double(Self.sampleRate)
    let releases = score.parts.map { Int(ToneShape.of($0.patch).release * rate) }
    func key(_ note: Score.Note) -> ToneKey {
      ToneKey(
        patch: score.parts[note.part].patch.rawValue, pitch: note.pitch,
        brightness: note.brightness)
    }
    func samples(_ note: Score.Note) -> Int { min(Int(note.duration * rate), 8 * Self.sampleRate) }

    var tones: [ToneKey: Tone] = [:]
    for note in score.notes {
      let needed = samples(note) + releases[note.part]
      let k = key(note)
      tones[k, default: Tone(offset: 0, count: 0)].count = max(tones[k]?.count ?? 0, needed)
    }
    var total = 0
    for (k, tone) in tones {
      tones[k] = Tone(offset: total, count: tone.count)
      total += (tone.count + 15) & ~15
    }
    let library = SampleMemory(count: total)
    let renderer = ToneRenderer(seed: score.toneSeed)
    for (k, tone) in tones {
      guard let patch = Patch(rawValue: k.patch) else { continue }
      renderer.render(
        patch, pitch: k.pitch, brightness: k.brightness,
        into: UnsafeMutableBufferPointer(start: library.pointer + tone.offset, count: tone.count))
    }

    // The order of the additions is the order of the notes: dictionaries have none to rely on.
    for note in score.notes {
      guard let tone = tones[key(note)] else { continue }
      let part = score.parts[note.part]
      let start = Int((note.start * rate).rounded())
      let held = min(samples(note), count - start)
      guard start >= 0, held > 0 else { continue }
      let gain = Float(note.velocity * part.gain)
      let target = (part.isDriven ? drive.pointer : dry.pointer) + Self.margin + start
      let echo = send.pointer + Self.margin + start
      let source = library.pointer + tone.offset
      let share = Float(part.reverberation)
      sentio_synth_mix(target, echo, source, held, gain, 0, share)
      let release = min(releases[note.part], count - start - held)
      guard release > 0 else { continue }
      sentio_synth_mix(
        target + held, echo + held, source + held, release, gain,
        -gain / Float(releases[note.part]), share)
    }
  }

  private func playStrokes(of score: Score, count: Int, dry: SampleMemory, send: SampleMemory) {
    let rate = Double(Self.sampleRate)
    let renderer = DrumRenderer(seed: score.toneSeed)
    for drum in Drum.allCases where score.strokes.contains(where: { $0.drum == drum }) {
      let length = Int(DrumRenderer.seconds(of: drum) * rate)
      let sound = SampleMemory(count: length)
      renderer.render(drum, into: UnsafeMutableBufferPointer(start: sound.pointer, count: length))
      let share: Float = drum == .kick ? 0.03 : 0.14
      for stroke in score.strokes where stroke.drum == drum {
        let start = Int((stroke.start * rate).rounded())
        let heard = min(length, count - start)
        guard start >= 0, heard > 0 else { continue }
        sentio_synth_mix(
          dry.pointer + Self.margin + start, send.pointer + Self.margin + start, sound.pointer,
          heard, Float(stroke.velocity), 0, share)
      }
    }
  }

  /// Five milliseconds at either end: an excerpt is cut out of a song, but not with a click.
  private func fade(_ mix: UnsafeMutablePointer<Float>, count: Int) {
    let edge = min(Self.sampleRate / 200, count / 2)
    guard edge > 0 else { return }
    sentio_synth_ramp(mix, edge, 0, 1 / Float(edge))
    sentio_synth_ramp(mix + (count - edge), edge, 1, -1 / Float(edge))
  }
}

/// Zeroed floats that are freed with their owner; `calloc` gets them from the system untouched.
final class SampleMemory {
  let pointer: UnsafeMutablePointer<Float>

  init(count: Int) {
    guard let memory = calloc(max(count, 1), MemoryLayout<Float>.stride) else {
      preconditionFailure("out of memory for \(count) samples")
    }
    pointer = memory.assumingMemoryBound(to: Float.self)
  }

  deinit { free(pointer) }
}

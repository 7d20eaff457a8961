/// A composed song: everything that the renderer plays, and nothing that it has to decide.
public struct Score: Sendable, Equatable {
  /// A stretch of music with its own emotion.
  public struct Section: Sendable, Equatable {
    /// Start from the beginning of the excerpt, in seconds.
    public var start: Double
    /// Length in seconds.
    public var duration: Double
    /// Cues as realised by the notes.
    public var cues: AffectCues
    /// What ``AffectModel`` says of those cues.
    public var emotion: PerceivedEmotion
  }

  /// An instrument of the arrangement.
  public struct Part: Sendable, Equatable {
    /// Sound of the instrument.
    public var patch: Patch
    /// Level beside the other parts, linear.
    public var gain: Double
    /// Share that is sent to the reverberation, 0 to 1.
    public var reverberation: Double
    /// Whether the part goes through the overdriven amplifier.
    public var isDriven: Bool
  }

  /// A note of a part.
  public struct Note: Sendable, Equatable {
    /// Index into ``Score/parts``.
    public var part: Int
    /// Onset in seconds.
    public var start: Double
    /// Sounding length in seconds, the release aside.
    public var duration: Double
    /// MIDI pitch, 60 = middle C.
    public var pitch: Int
    /// Linear level, about 0.1 to 2.
    public var velocity: Double
    /// Spectral brightness in steps of a quarter, 0 (dark) to 4 (bright).
    public var brightness: Int
  }

  /// A stroke of a percussion instrument.
  public struct Stroke: Sendable, Equatable {
    /// The instrument struck.
    public var drum: Drum
    /// Onset in seconds.
    public var start: Double
    /// Linear level, about 0.1 to 2.
    public var velocity: Double
  }

  /// What the mastering engineer does to the mix; set by the artist, not by the emotion.
  public struct Mastering: Sendable, Equatable {
    /// Root mean square level of the song, dB below full scale (negative).
    public var level: Double
    /// Spectral tilt, -0.4 (dull) to 0.8 (crisp).
    public var tilt: Double
    /// Feedback of the reverberation, 0.6 (small room) to 0.88 (hall).
    public var room: Double
    /// Gain into the overdriven amplifier, 2 to 12.
    public var drive: Double
  }

  /// Length of the excerpt in seconds.
  public var duration: Double
  /// Tempo in beats per minute.
  public var beatsPerMinute: Double
  /// Pitch class of the tonic, 0 = C.
  public var tonic: Int
  /// Scale of the song.
  public var mode: MusicalMode
  /// The stretches of the song, in order and without gaps.
  public var sections: [Section]
  /// Instruments.
  public var parts: [Part]
  /// Notes in order of the parts that play them.
  public var notes: [Note]
  /// Percussion.
  public var strokes: [Stroke]
  /// Level and colour of the finished recording.
  public var mastering: Mastering
  /// Seed of the noises inside the sounds.
  public var toneSeed: UInt32
}

/// Instruments that have a pitch.
public enum Patch: Int, Sendable, CaseIterable, Codable {
  /// Keys, plucked and bowed strings, winds, synthesizers and a choir's vowels.
  case piano, electricPiano, nylonGuitar, steelGuitar, leadGuitar, pluckedBass, synthBass, strings,
    pad, organ, brass, flute, clarinet, synthLead, voice, bell, harp
}

/// Instruments that are struck.
public enum Drum: Int, Sendable, CaseIterable, Codable {
  /// The kit of a band, and hand percussion.
  case kick, snare, closedHat, openHat, ride, crash, tom, clap, shaker, brush
}

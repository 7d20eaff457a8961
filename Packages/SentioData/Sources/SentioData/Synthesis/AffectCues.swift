/// The audible cues of a stretch of music, each on a scale of its own, usually within ±1.
public struct AffectCues: Sendable, Equatable, Codable {
  /// Brightness of the scale: Phrygian -1, natural minor -0.75, Dorian -0.35, major 0.9, Lydian 1.
  public var mode: Double
  /// Beats per minute, log2(bpm / 108) / 0.75.
  public var tempo: Double
  /// Level of the performance, 5 dB a unit.
  public var loudness: Double
  /// Share of the time between onsets that a note sounds: legato -1, staccato 1.
  public var articulation: Double
  /// Mean pitch of the melody, 10 semitones a unit, 0 at E4 (64).
  public var register: Double
  /// Spectral brightness of the instruments as played.
  public var brightness: Double
  /// Onsets per second, log2(rate / 3.3) / 1.2.
  public var density: Double
  /// Share of tense intervals and altered chords.
  public var dissonance: Double
  /// Weight of the drums.
  public var percussiveness: Double

  /// Creates a set of cues; every cue is 0, the middle of its scale, unless given.
  public init(
    mode: Double = 0, tempo: Double = 0, loudness: Double = 0, articulation: Double = 0,
    register: Double = 0, brightness: Double = 0, density: Double = 0, dissonance: Double = 0,
    percussiveness: Double = 0
  ) {
    self.mode = mode
    self.tempo = tempo
    self.loudness = loudness
    self.articulation = articulation
    self.register = register
    self.brightness = brightness
    self.density = density
    self.dissonance = dissonance
    self.percussiveness = percussiveness
  }
}

/// Valence and arousal in [-1, 1], DEAM's dynamic scale.
public struct PerceivedEmotion: Sendable, Equatable, Codable {
  /// Pleasantness, -1 (negative) to 1 (positive).
  public var valence: Double
  /// Energy, -1 (calm) to 1 (excited).
  public var arousal: Double

  /// Creates a point of the valence-arousal plane.
  public init(valence: Double, arousal: Double) {
    self.valence = valence
    self.arousal = arousal
  }
}

/// From audible cues to the emotion that an average listener perceives.
///
/// A linear model with small interactions: v = Σ w_c c + Σ u_cd c d, then a soft bound to (-1, 1).
/// Signs and ranking of the weights follow the factorial and regression studies (mode first, then
/// tempo, register, dynamics, articulation and timbre for valence; tempo, dynamics, articulation and
/// timbre for arousal; near-additive, with a small quadratic and interaction part). The weights
/// themselves are ours: those studies rate discrete emotions on other material.
///
/// *Reference:* Gabrielsson and Lindström 2010 (review); Juslin and Lindström 2010; Eerola, Friberg
/// and Bresin 2013, Front. Psychol. 4:487.
public enum AffectModel {
  /// Emotion perceived in music that has the given cues.
  public static func perceived(_ c: AffectCues) -> PerceivedEmotion {
    var valence = 0.18 * c.mode + 0.14 * c.tempo + 0.15 * c.register + 0.10 * c.articulation
    valence += 0.08 * c.density + 0.06 * c.percussiveness - 0.10 * c.dissonance
    valence += 0.03 - 0.03 * c.loudness
    // Fast music in major is happier than the sum, loud music in minor angrier; extremes tire.
    valence += 0.05 * c.mode * c.tempo - 0.06 * max(0, c.loudness) * max(0, c.dissonance)
    valence += 0.03 * c.loudness * c.mode - 0.04 * c.brightness * c.brightness
    var arousal = 0.22 * c.loudness + 0.15 * c.tempo + 0.12 * c.density + 0.10 * c.brightness
    arousal += 0.10 * c.percussiveness + 0.07 * c.articulation + 0.04 * c.register
    arousal += 0.05 * c.dissonance + 0.04 * c.tempo * c.loudness
    return PerceivedEmotion(valence: bounded(valence), arousal: bounded(arousal))
  }

  /// Odd, monotone, slope 1 at 0, within (-1, 1): x / sqrt(1 + x²).
  private static func bounded(_ x: Double) -> Double { x / (1 + x * x).squareRoot() }
}

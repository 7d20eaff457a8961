/// One form in which a model can be shipped: its size, speed and what is left of its agreement.
public struct DeployedForm: Codable, Sendable {
  /// The model's title with its form, such as `"MobileViT student, int8"`.
  public var title: String
  /// The precision of its arithmetic: `"float32"`, `"bfloat16"` or `"int8"`.
  public var precision: String
  /// Learned numbers.
  public var parameterCount: Int
  /// Bytes of the file.
  public var fileSize: Int
  /// Seconds of one song from its spectrogram, median.
  public var secondsPerSong: Double
  /// Peak memory of predicting, in bytes.
  public var peakMemory: Int?
  /// Mean CCC on the test songs.
  public var ccc: Interval
  /// CCC as a share of the teacher's, 1 for all of it; paired bootstrap over songs.
  public var retention: Interval?
  /// CCC of valence as a share of the teacher's.
  public var valenceRetention: Interval?
  /// CCC of arousal as a share of the teacher's.
  public var arousalRetention: Interval?

  /// Creates a form.
  public init(
    title: String, precision: String, parameterCount: Int, fileSize: Int, secondsPerSong: Double,
    peakMemory: Int? = nil, ccc: Interval, retention: Interval? = nil,
    valenceRetention: Interval? = nil, arousalRetention: Interval? = nil
  ) {
    self.title = title
    self.precision = precision
    self.parameterCount = parameterCount
    self.fileSize = fileSize
    self.secondsPerSong = secondsPerSong
    self.peakMemory = peakMemory
    self.ccc = ccc
    self.retention = retention
    self.valenceRetention = valenceRetention
    self.arousalRetention = arousalRetention
  }
}

/// The teacher, its student and the quantized student side by side.
public struct Deployment: Codable, Sendable {
  /// The teacher's form; the others are measured against it.
  public var teacher: DeployedForm
  /// The students, in the order of shrinking.
  public var students: [DeployedForm]
  /// How they were distilled and quantized, in a sentence.
  public var setting: String

  /// Creates a comparison.
  public init(teacher: DeployedForm, students: [DeployedForm], setting: String) {
    self.teacher = teacher
    self.students = students
    self.setting = setting
  }
}

/// A network's learned numbers as counted and as claimed.
public struct ParameterCount: Codable, Sendable {
  /// The network, such as `"CRNN"`.
  public var network: String
  /// Counted at the report's full size.
  public var counted: Int
  /// Counted at the size that this run trained; `nil` where it is the same.
  public var trained: Int?
  /// The smallest count that the original report claims.
  public var claimedLower: Double
  /// The largest count that it claims; the same as the smallest where it gives one figure.
  public var claimedUpper: Double
  /// What the difference comes from, in a sentence.
  public var remark: String?

  /// Creates a count.
  public init(
    network: String, counted: Int, trained: Int? = nil, claimedLower: Double,
    claimedUpper: Double, remark: String? = nil
  ) {
    self.network = network
    self.counted = counted
    self.trained = trained
    self.claimedLower = claimedLower
    self.claimedUpper = claimedUpper
    self.remark = remark
  }
}

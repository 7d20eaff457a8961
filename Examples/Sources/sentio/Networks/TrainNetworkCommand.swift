import ArgumentParser
import SentioModels

/// The name of a network, as a type, since every subcommand is one.
protocol NetworkName {
  static var architecture: NetworkArchitecture { get }
  static var abstract: String { get }
}

/// `sentio train crnn` and its like: a network for valence and arousal.
struct TrainEmotionNetwork<Name: NetworkName>: ParsableCommand {
  static var configuration: CommandConfiguration {
    let name = Name.architecture.rawValue
    return CommandConfiguration(
      commandName: name, abstract: Name.abstract,
      discussion: """
        Songs are decoded and transformed once, and kept for the next run. Ctrl-C saves and stops; the same \
        command goes on, bit for bit. The best epoch by the validation songs is kept.
          sentio train \(name) --data Data/songs --output \(name).sentio
          sentio train \(name) --data Data/songs --output \(name).sentio --config mine.yaml --epochs 20
          sentio train \(name) --print-config > mine.yaml
        """)
  }

  @OptionGroup var options: NetworkOptions

  func run() throws { try NetworkJob(Name.architecture, options).run() }
}

/// `sentio train mlp` and its like: a network that tells genres apart.
struct TrainGenreNetwork<Name: NetworkName>: ParsableCommand {
  static var configuration: CommandConfiguration {
    let name = Name.architecture.rawValue
    return CommandConfiguration(
      commandName: name, abstract: Name.abstract,
      discussion: """
        The corpus needs genres. Each song is cut into segments that the network sees by themselves; all segments \
        of a song stand in one part of the split.
          sentio train \(name) --data genres --output \(name).sentio
          sentio train \(name) --data genres --output \(name).sentio --leaky-split
          sentio train \(name) --print-config > mine.yaml
        """)
  }

  @OptionGroup var options: NetworkOptions
  @Flag(
    help:
      "Divide segments instead of songs, to see what that leak is worth: such scores say nothing of new songs."
  )
  var leakySplit = false

  func validate() throws {
    if leakySplit, options.split != nil {
      throw ValidationError("--leaky-split makes its own split; leave out --split.")
    }
  }

  func run() throws { try NetworkJob(Name.architecture, options, isLeaky: leakySplit).run() }
}

enum CRNNName: NetworkName {
  static let architecture = NetworkArchitecture.crnn
  static let abstract = "A convolutional recurrent network over features of half seconds."
}
enum SpectrogramCRNNName: NetworkName {
  static let architecture = NetworkArchitecture.crnnMel
  static let abstract =
    "The validation protocol's convolutional recurrent network over spectrograms."
}
enum AudioTransformerName: NetworkName {
  static let architecture = NetworkArchitecture.ast
  static let abstract = "The report's audio spectrogram transformer."
}
enum PublishedAudioTransformerName: NetworkName {
  static let architecture = NetworkArchitecture.publishedAST
  static let abstract =
    "The published audio spectrogram transformer, from an imported checkpoint with --pretrained."
}
enum VisionTransformerName: NetworkName {
  static let architecture = NetworkArchitecture.vit
  static let abstract = "A vision transformer over pictures of spectrograms."
}
enum StudentName: NetworkName {
  static let architecture = NetworkArchitecture.student
  static let abstract = "The report's small transformer, trained without a teacher."
}
enum PerceptronName: NetworkName {
  static let architecture = NetworkArchitecture.mlp
  static let abstract = "Genres with a multi-layer perceptron over cepstral coefficients."
}
enum ConvolutionalName: NetworkName {
  static let architecture = NetworkArchitecture.cnn
  static let abstract = "Genres with a convolutional network over cepstral coefficients."
}
enum LSTMName: NetworkName {
  static let architecture = NetworkArchitecture.lstm
  static let abstract = "Genres with an LSTM over cepstral coefficients."
}
enum GRUName: NetworkName {
  static let architecture = NetworkArchitecture.gru
  static let abstract = "Genres with a GRU over cepstral coefficients."
}
enum SimpleRecurrentName: NetworkName {
  static let architecture = NetworkArchitecture.rnn
  static let abstract = "Genres with a recurrent network without gates."
}

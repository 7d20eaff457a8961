import ArgumentParser

/// `sentio gan`: synthetic spectrograms.
struct GANCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gan",
    abstract: "Train a conditional GAN on a corpus's spectrograms, and make synthetic ones.",
    discussion: """
      The report's augmentation: a generator learns to make the mel spectrogram of an emotion, a discriminator \
      to tell it from a real one. Train it on training songs alone: clips that it learned from are in what it makes.
        sentio corpus split Data/songs --output split.json
        sentio gan train --data Data/songs --split split.json --output Data/gan
        sentio gan sample Data/gan --count 3200 --output synthetic.npy
      """,
    subcommands: [GANTrainCommand.self, GANSampleCommand.self])
}

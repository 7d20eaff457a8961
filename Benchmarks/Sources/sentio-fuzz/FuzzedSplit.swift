import Foundation
import SentioData
import SentioMetrics
import SentioTensor

extension FuzzedReader {
  /// Files of splits.
  static let split = FuzzedReader(
    name: "split", share: 2,
    makeOriginals: {
      let folder = try SeedFolder()
      let corpus = SplitSeeds.corpus
      let splits = [
        Split(of: corpus.songs), Split(songs: [.training: ["1", "2"], .test: ["3"]]),
      ]
      return try splits.enumerated().map { index, split in
        Original(
          path: "split.json",
          bytes: try folder.bytes("\(index).json") {
            try SplitFile(split, of: corpus).write(to: $0)
          })
      }
    },
    read: { file, _ in
      outcome(refusing: { $0 is SplitFile.Failure || $0 is FileError || $0 is TableError }) {
        _ = try SplitFile(contentsOf: file, for: nil).hash
        _ = try SplitFile(contentsOf: file, for: SplitSeeds.corpus)
      }
    })
}

private enum SplitSeeds {
  static let corpus = Corpus(name: "invented", songs: (1...12).map(song))

  private static func song(_ number: Int) -> Song {
    let rating = Double(number % 9 + 1)
    return Song(
      id: "\(number)",
      label: ValenceArousal(valence: rating, arousal: 10 - rating, scale: .deam1to9),
      artist: "artist \(number / 2)")
  }
}

import Foundation

extension Corpus {
  /// Marks songs whose audio files have the same bytes, so that no split puts them apart.
  ///
  /// Sizes are compared first, then a hash of the beginning, then a hash of the whole file: a corpus
  /// without copies costs one look at each file's size and beginning at most.
  mutating func findCopies() throws {
    var bySize: [Int: [Int]] = [:]
    for (index, song) in songs.enumerated() {
      guard let audio = song.audio,
        let size = (try? audio.resourceValues(forKeys: [.fileSizeKey]))?.fileSize, size > 0
      else { continue }
      bySize[size, default: []].append(index)
    }
    var groups: [[Int]] = bySize.values.filter { $0.count > 1 }
    for limit in [1 << 16, Int.max] {
      var finer: [[Int]] = []
      for group in groups {
        var byHash: [SHA256.Digest: [Int]] = [:]
        for index in group {
          // An unreadable file is named by the check of requirements, not here.
          guard let digest = try? SHA256.hash(of: songs[index].audio!, limit: limit) else {
            continue
          }
          byHash[digest, default: []].append(index)
        }
        finer += byHash.values.filter { $0.count > 1 }
      }
      groups = finer
    }
    for group in groups.map({ $0.sorted() }).sorted(by: { $0[0] < $1[0] }) {
      let original = songs[group[0]].id
      for index in group { songs[index].copyOf = original }
      report.findings.append(
        CorpusFinding(
          .warning, song: original,
          message: "the same audio as "
            + group.dropFirst().map { songs[$0].id }.joined(separator: ", ")
            + "; splits keep them together"))
    }
  }
}

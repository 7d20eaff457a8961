import Foundation

/// Where the parts of DEAM stand below a folder.
///
/// Both the folders of the official download (`annotations/annotations averaged per song/…`,
/// `MEMD_audio/`, with or without the archives' own top folders) and flattened copies
/// (`annotations/*.csv`, `audio/`) are found.
struct DEAMLayout {
  let root: URL
  /// `static_annotations_averaged_songs_*.csv`, in natural order; at least one.
  let staticLabels: [URL]
  /// `valence.csv` and `arousal.csv` of the dynamic annotations.
  let dynamics: (valence: URL, arousal: URL)?
  /// `metadata_2013.csv` and its sisters.
  let metadata: [URL]
  /// `static_annotations_songs_*.csv`: one row a rater and song.
  let raterLabels: [URL]
  /// Folders with one audio file a song, named by id.
  let audioFolder: URL?
  /// Folder with one table of 2 Hz features a song, named by id.
  let featureFolder: URL?
  /// Folder with published lists of ids, `train.txt` and so on.
  let splitFolder: URL?

  /// Searches below `root`; nil when there are no static annotations.
  init?(root: URL) {
    let tops = ["", "DEAM_Annotations/", "deam/", "DEAM/", "DEAM/DEAM_Annotations/"]
    let annotations = tops.flatMap { ["\($0)annotations/", $0] }
    func folders(_ candidates: [String]) -> [URL] {
      candidates.map { $0.isEmpty ? root : root.appending(path: $0) }.filter(FolderListing.isFolder)
    }
    func files(_ folder: URL, _ prefix: String) -> [URL] {
      ((try? FolderListing.entries(of: folder)) ?? [])
        .filter { $0.hasPrefix(prefix) && $0.hasSuffix(".csv") }
        .map { folder.appending(path: $0) }
    }
    func firstFiles(_ candidates: [String], _ prefix: String) -> [URL] {
      for folder in folders(candidates) {
        let found = files(folder, prefix)
        if !found.isEmpty { return found }
      }
      return []
    }
    let songLevel = annotations.flatMap {
      ["\($0)annotations averaged per song/song_level/", "\($0)song_level/", $0]
    }
    staticLabels = firstFiles(songLevel, "static_annotations_averaged_songs_")
    guard !staticLabels.isEmpty else { return nil }
    self.root = root
    raterLabels = firstFiles(
      annotations.flatMap {
        ["\($0)annotations per each rater/song_level/", "\($0)per_rater/", "\($0)song_level/", $0]
      }, "static_annotations_songs_")
    let dynamicFolders = folders(
      annotations.flatMap {
        [
          "\($0)annotations averaged per song/dynamic (per second annotations)/",
          "\($0)dynamic (per second annotations)/", "\($0)dynamic/", $0,
        ]
      })
    dynamics = dynamicFolders.lazy
      .map { ($0.appending(path: "valence.csv"), $0.appending(path: "arousal.csv")) }
      .first { FolderListing.isFile($0.0) && FolderListing.isFile($0.1) }
    let parents = ["", "deam/", "DEAM/"]
    metadata = firstFiles(
      parents.flatMap { ["\($0)metadata/metadata/", "\($0)metadata/"] }, "metadata_")
    audioFolder =
      folders(
        parents.flatMap {
          ["\($0)DEAM_audio/MEMD_audio/", "\($0)MEMD_audio/", "\($0)audio/"]
        }
      ).first
    featureFolder =
      folders(parents.flatMap { ["\($0)features/features/", "\($0)features/"] }).first
    splitFolder = folders(parents.map { "\($0)split_music2emotion/" }).first
  }
}

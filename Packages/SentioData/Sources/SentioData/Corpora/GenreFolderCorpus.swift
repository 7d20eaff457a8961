import Foundation

extension Corpus {
  /// Opens one folder of audio a genre, or a folder of audio files without labels.
  static func openAudioFolders(_ folder: URL, entries: [String]) throws -> Corpus {
    var songs: [Song] = []
    var findings: [CorpusFinding] = []
    var genres: [String] = []
    for name in entries {
      let url = folder.appending(path: name)
      guard FolderListing.isFolder(url) else { continue }
      let files = try FolderListing.entries(of: url).filter(FolderListing.isAudio)
      if files.isEmpty {
        findings.append(
          CorpusFinding(.warning, place: url.path, message: "no audio file in this folder"))
        continue
      }
      genres.append(name)
      songs += files.map {
        Song(id: "\(name)/\($0)", audio: url.appending(path: $0), genres: [name])
      }
    }
    // A lone `audio` folder is no genre.
    if genres.count >= 2 {
      return Corpus(
        name: folder.lastPathComponent, layout: .genreFolders, root: folder, scale: nil,
        songs: songs, findings: findings,
        recognized: "genre folders (\(genres.joined(separator: ", ")))")
    }
    let flat = entries.filter {
      FolderListing.isAudio($0) && FolderListing.isFile(folder.appending(path: $0))
    }
    if !flat.isEmpty {
      songs = flat.map { Song(id: $0, audio: folder.appending(path: $0)) }
    }
    guard !songs.isEmpty else {
      throw CorpusError.notRecognized(path: folder.path, found: entries)
    }
    if flat.isEmpty { for index in songs.indices { songs[index].genres = [] } }
    return Corpus(
      name: folder.lastPathComponent, layout: .audioFolder, root: folder, scale: nil, songs: songs,
      findings: findings, recognized: "folder of audio files without labels")
  }
}

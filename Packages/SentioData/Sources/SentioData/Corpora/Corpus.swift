import Foundation
import SentioMetrics

/// Songs with audio, labels and what is known about them, from a folder in one of several layouts.
///
/// ``open(_:options:)`` recognizes the layout, reads it and checks every row; what it found stands in
/// ``report``. Rows with an error are left out of ``songs`` and named in the report, so that a program
/// can go on or refuse (``validate(requiring:)``).
public struct Corpus: Sendable {
  /// The layout that a folder follows.
  public enum Layout: String, Hashable, Sendable {
    /// DEAM (MediaEval 2013–2015): static and dynamic annotations, metadata, audio.
    case deam
    /// A file `songs.csv` that lists audio files and labels.
    case songList
    /// `All_annotations.csv` with `audio/`, as J. Grekow's musemodataset has it.
    case muse
    /// `song_means.csv` with shares of listeners on the nine GEMS emotions (Emotify).
    case gems
    /// One folder of audio files a genre, as GTZAN has it.
    case genreFolders
    /// A folder of audio files without labels.
    case audioFolder
    /// One CSV file with ids, labels and perhaps features.
    case table
  }

  /// How a corpus is opened.
  public struct Options: Hashable, Sendable {
    /// Which reading of DEAM's labels is meant.
    public var labelRevision: LabelRevision
    /// Where the scale of labels comes from, for layouts that do not fix it.
    public var scale: ScaleSource
    /// Whether audio files are compared byte for byte to find copies.
    public var findsCopies: Bool

    /// Creates options; by default corrected labels, inferred scale, copies searched.
    public init(
      labelRevision: LabelRevision = .correctedFor2013, scale: ScaleSource = .inferred,
      findsCopies: Bool = true
    ) {
      self.labelRevision = labelRevision
      self.scale = scale
      self.findsCopies = findsCopies
    }
  }

  /// A short name: that of the folder or file.
  public var name: String
  /// The layout that was recognized.
  public var layout: Layout
  /// The folder or file that was opened.
  public var root: URL
  /// The scale of all labels; nil when there are none.
  public var scale: EmotionScale?
  /// Usable songs in natural order of their ids.
  public var songs: [Song]
  /// Valence and arousal over time, where the corpus has them.
  public var dynamics: DynamicAnnotations?
  /// Features that came with the labels in one table.
  public var features: FeatureTable?
  /// For DEAM: the evidence for and against swapped labels, and what was done about it.
  public var labelRevisionCheck: LabelRevisionCheck?
  /// What was recognized and found.
  public var report: CorpusReport

  /// Creates a corpus from songs that a program made or selected itself.
  ///
  /// - Parameters:
  ///   - name: a short name.
  ///   - songs: songs with distinct ids whose labels share one scale.
  public init(name: String, songs: [Song]) {
    precondition(Set(songs.map(\.id)).count == songs.count, "song ids are not distinct")
    let scales = Set(songs.compactMap(\.label?.scale))
    precondition(scales.count <= 1, "labels on \(scales.count) scales")
    self.init(
      name: name, layout: .table, root: URL(filePath: "."), scale: scales.first, songs: songs,
      findings: [], recognized: name)
  }

  init(
    name: String, layout: Layout, root: URL, scale: EmotionScale?, songs: [Song],
    findings: [CorpusFinding], recognized: String
  ) {
    self.name = name
    self.layout = layout
    self.root = root
    self.scale = scale
    self.songs = songs.sorted { NaturalOrder.precedes($0.id, $1.id) }
    self.report = CorpusReport(
      recognized: recognized, songCount: songs.count,
      labelledCount: songs.count { $0.label != nil }, audioCount: songs.count { $0.audio != nil },
      findings: findings)
  }

  /// Opens a corpus in whatever layout it is.
  ///
  /// - Parameters:
  ///   - url: a folder, or a CSV file with ids and labels.
  ///   - options: label revision, scale, search for copies.
  /// - Returns: the usable songs, with a report of everything else.
  /// - Throws: ``CorpusError`` when nothing is recognized or no song is usable, ``TableError`` when
  ///   a table has the wrong form, `FileError` when the system refuses to read.
  public static func open(_ url: URL, options: Options = Options()) throws -> Corpus {
    var isFolder: ObjCBool = false
    guard FileManager.default.fileExists(atPath: url.path, isDirectory: &isFolder) else {
      throw CorpusError.notFound(path: url.path)
    }
    guard isFolder.boolValue else { return try openTable(url, options: options) }
    let entries = try FolderListing.entries(of: url)
    guard !entries.isEmpty else { throw CorpusError.emptyFolder(path: url.path) }
    var corpus: Corpus
    if let layout = DEAMLayout(root: url) {
      corpus = try openDEAM(layout, options: options)
    } else if entries.contains("songs.csv") {
      corpus = try openSongList(url, options: options)
    } else if entries.contains("All_annotations.csv") {
      corpus = try openMuse(url)
    } else if entries.contains("song_means.csv") {
      corpus = try openGEMS(url)
    } else {
      corpus = try openAudioFolders(url, entries: entries)
    }
    guard !corpus.songs.isEmpty else {
      throw CorpusError.noSongs(path: url.path, findings: corpus.report.findings)
    }
    if options.findsCopies { try corpus.findCopies() }
    return corpus
  }

  /// The song with this id.
  public func song(_ id: String) -> Song? { songs.first { $0.id == id } }

  /// The songs with these ids, in this order.
  ///
  /// - Throws: ``CorpusError/unknownSongs(_:in:)`` with every id that is not there.
  public func songs(_ ids: [String]) throws -> [Song] {
    let byID = Dictionary(uniqueKeysWithValues: songs.map { ($0.id, $0) })
    let missing = ids.filter { byID[$0] == nil }
    guard missing.isEmpty else { throw CorpusError.unknownSongs(missing, in: "corpus \(name)") }
    return ids.map { byID[$0]! }
  }

  /// The labels as a table.
  ///
  /// - Throws: ``CorpusError/noSongs(path:findings:)`` when no song has a label.
  public func labels() throws -> LabelTable {
    guard let scale else { throw CorpusError.noSongs(path: root.path, findings: report.findings) }
    return LabelTable(
      rows: songs.compactMap { song in song.label.map { LabelTable.Row(id: song.id, label: $0) } },
      scale: scale)
  }

  /// What a program needs of every song.
  public struct Requirements: OptionSet, Sendable {
    /// The bits.
    public let rawValue: Int
    /// Creates requirements from bits.
    public init(rawValue: Int) { self.rawValue = rawValue }
    /// A readable audio file that is not empty.
    public static let audio = Requirements(rawValue: 1)
    /// Valence and arousal.
    public static let labels = Requirements(rawValue: 2)
    /// A genre.
    public static let genre = Requirements(rawValue: 4)
  }

  /// Checks that every song has what is needed, and names those that have not.
  ///
  /// - Parameter requirements: what every song needs.
  /// - Returns: the report of opening with the new findings added.
  public func check(requiring requirements: Requirements) -> CorpusReport {
    var report = report
    for song in songs {
      if requirements.contains(.audio) {
        if let audio = song.audio {
          let size = (try? audio.resourceValues(forKeys: [.fileSizeKey]))?.fileSize
          if size == nil || access(audio.path, R_OK) != 0 {
            report.findings.append(
              CorpusFinding(
                .error, song: song.id, place: audio.path, message: "the audio can't be read",
                fix: "Check the file's permissions"))
          } else if size == 0 {
            report.findings.append(
              CorpusFinding(
                .error, song: song.id, place: audio.path, message: "the audio file is empty",
                fix: "Copy it again"))
          }
        } else {
          report.findings.append(
            CorpusFinding(
              .error, song: song.id, message: "there is no audio file",
              fix: "Add it, or remove the song's row"))
        }
      }
      if requirements.contains(.labels), song.label == nil {
        report.findings.append(
          CorpusFinding(
            .error, song: song.id, message: "there is no valence and arousal",
            fix: "Add a row with its label"))
      }
      if requirements.contains(.genre), song.genres.isEmpty {
        report.findings.append(
          CorpusFinding(
            .error, song: song.id, message: "there is no genre", fix: "Add one to its row"))
      }
    }
    return report
  }

  /// Refuses a corpus that has errors, or songs without what is needed.
  ///
  /// - Parameter requirements: what every song needs.
  /// - Throws: ``CorpusError/invalid(name:findings:)`` that names every row.
  public func validate(requiring requirements: Requirements) throws {
    let errors = check(requiring: requirements).errors
    if !errors.isEmpty { throw CorpusError.invalid(name: name, findings: errors) }
  }
}

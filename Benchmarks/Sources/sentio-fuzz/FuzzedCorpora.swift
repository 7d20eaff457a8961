import Foundation
import SentioData
import SentioTensor

extension FuzzedReader {
  /// Corpora in every layout: each of their files in turn is the damaged one.
  static let corpus = FuzzedReader(
    name: "corpus", share: 3,
    makeOriginals: {
      CorpusSeeds.all.flatMap { files in
        let bytes = files.mapValues { Array($0.utf8) }
        return files.keys.filter { $0.hasSuffix(".csv") || $0.hasSuffix(".txt") }.sorted().map {
          path in
          Original(
            path: path, bytes: bytes[path] ?? [], companions: bytes.filter { $0.key != path })
        }
      }
    },
    read: { _, folder in
      outcome(refusing: { $0 is CorpusError || $0 is TableError || $0 is FileError }) {
        let corpus = try Corpus.open(folder)
        _ = corpus.check(requiring: [.audio, .labels, .genre]).findings.map(\.description)
        let split = Split(of: corpus.songs)
        _ = split.leaks(in: corpus, grouping: .artist)
        _ = try split.balance(in: corpus)
        _ = try SplitFile(split, of: corpus)
        _ = try? Split(publishedWith: corpus)
        _ = try corpus.raterLabels()
        _ = try corpus.labels()
      }
    })
}

/// The files of a tiny corpus in each layout, by path.
enum CorpusSeeds {
  /// One dictionary a layout.
  static let all: [[String: String]] = [deam, songList, muse, gems]

  private static let average = "annotations/annotations averaged per song/"
  private static let each = "annotations/annotations per each rater/"

  static let deam: [String: String] = [
    average + "song_level/static_annotations_averaged_songs_1_2000.csv": """
    song_id, valence_mean, valence_std, arousal_mean, arousal_std
    2, 3.1, 0.94, 3, 0.63
    1001, 3.5, 1.75, 3.3, 1.62
    1002, 5.7, 1.42, 5.5, 1.63

    """,
    average + "song_level/static_annotations_averaged_songs_2000_2058.csv": """
    song_id, valence_mean, valence_std, valence_max_mean, arousal_mean, arousal_std
    2001, 4.4, 1.2, 5.5, 5.0, 1.7

    """,
    average + "dynamic (per second annotations)/valence.csv": """
    song_id,sample_15000ms,sample_15500ms,sample_16000ms
    2,-0.1,-0.2,-0.25
    1001,0.1,0.2,
    1002,0.2,0.3,0.4

    """,
    average + "dynamic (per second annotations)/arousal.csv": """
    song_id,sample_15000ms,sample_15500ms,sample_16000ms
    2,-0.4,-0.3,-0.2
    1001,0.3,0.3,0.3
    1002,0.1,0.2,

    """,
    each + "song_level/static_annotations_songs_1_2000.csv": """
    workerID, SongId, Valence, Arousal
    a1, 2, 3, 4
    a2, 1001, , 5
    a3, 1002, 7, 6

    """,
    "metadata/metadata_2013.csv": """
    song_id,file_name,Artist,Song title,start of the segment (min.sec),Genre
    2,2.mp3,\tThe A's,\tOne,0.25,\tBlues

    """,
    "metadata/metadata_2014.csv": """
    Id,Artist,Album,Track,Genre,,,
    1001,B,x,"Two, too",Soul-R&B|Rock,tag,,
    1002,C,y,Three,Jazz,,,

    """,
    "MEMD_audio/2.mp3": "x", "MEMD_audio/1001.mp3": "y", "MEMD_audio/1002.mp3": "x",
    "split_music2emotion/train.txt": "2\n1001\n", "split_music2emotion/test.txt": "1002\r\n",
  ]

  static let songList: [String: String] = [
    "songs.csv": """
    song_id,file,valence,arousal,artist,genre,split,scale
    a,one.mp3,0.5,-0.5,X,rock,train,-1..1
    b,,0.25,1,Y,,test,-1..1
    c,sub/c.wav,0,0,,,,-1..1

    """,
    "one.mp3": "x", "b.wav": "y", "sub/c.wav": "z",
  ]

  static let muse: [String: String] = [
    "All_annotations.csv": """
    Id,Name,Arousal,Valence,EmoCat
    1,out_blues.1.wav,5,5,e1
    2,out_rock.2.wav,1.5,9,e2

    """,
    "audio/out_blues.1.wav": "x", "audio/out_rock.2.wav": "y",
  ]

  static let gems: [String: String] = [
    "song_means.csv": """
    track_id,genre,file,amazement,solemnity,tenderness,nostalgia,calmness,power,joyful_activation,tension,sadness
    1,pop,a.mp3,0,0,0.5,0,0,0,0,0,1
    2,rock,b.mp3,0,0,0,0.25,0,0,0,0,1

    """,
    "audio_full/a.mp3": "x", "audio6s/b.mp3": "y",
  ]
}

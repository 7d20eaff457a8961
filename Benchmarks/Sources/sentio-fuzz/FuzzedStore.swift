import Foundation
import SentioData
import SentioTensor

extension FuzzedReader {
  /// Feature stores: header, journal or records damaged; opened, read and filled on.
  static let store = FuzzedReader(
    name: "store", share: 3,
    makeOriginals: {
      let shapes: [(RecordShape, [String])] = [
        (.vector(3), ["a", "b", "c"]), (.sequence(frames: 4, features: 2), ["x", "y"]),
      ]
      return try shapes.flatMap { shape, columns in
        let seeds = try SeedFolder()
        let store = try FeatureStore(
          folder: seeds.url,
          settings: .init(shape: shape, columns: columns, parameters: ["rate": "22050"]))
        let songs = ["1", "2", "3\t%", "broken"].map { Song(id: $0) }
        _ = try store.fill(songs, parallelism: 1) { song in
          struct Broken: Error {}
          if song.id == "broken" { throw Broken() }
          return FeatureRecord([Float](repeating: 0.5, count: shape.count))
        }
        var files: [String: [UInt8]] = [:]
        for name in ["store.json", "journal.log", "records.f32"] {
          files[name] = [UInt8](try Data(contentsOf: seeds.url.appending(path: name)))
        }
        return files.keys.sorted().map { path in
          Original(
            path: path, bytes: files[path] ?? [], companions: files.filter { $0.key != path })
        }
      }
    },
    read: { _, folder in
      outcome(refusing: { $0 is FeatureStoreError || $0 is FileError || $0 is TableError }) {
        let store = try FeatureStore(contentsOf: folder)
        let records = try store.records()
        for index in 0..<records.count { _ = records.values(index) }
        if case .vector = store.settings.shape { _ = records.table() }
        _ = store.failedSongs
        let count = store.settings.shape.count
        // A header may name records of a GiB, which would be made rather than read.
        guard count <= 1 << 16 else { return }
        let songs = ["1", "2", "4"].map { Song(id: $0) }
        let summary = try store.fill(songs, parallelism: 1) { _ in
          FeatureRecord([Float](repeating: 1, count: count))
        }
        let refilled = try store.records(of: songs.map(\.id))
        precondition(summary.failed.isEmpty && refilled.count == 3)
      }
    })
}

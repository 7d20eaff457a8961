import Foundation
import SentioData
import SentioTensor

extension FuzzedReader {
  /// NumPy's arrays, alone and as a table of features.
  static let npy = FuzzedReader(
    name: "npy", share: 2, realExtensions: ["npy"],
    makeOriginals: {
      let folder = try SeedFolder()
      let numbers = (0..<24).map { Float($0) * 0.5 }
      // NumPy's older writers, other machines' bytes and column-major order have no writer here.
      func bytes(_ header: String, _ data: [UInt8]) -> [UInt8] {
        let text = Array(header.utf8) + [0x0A]
        return [0x93] + Array("NUMPY".utf8) + [1, 0, UInt8(text.count), 0] + text + data
      }
      return [
        try folder.bytes("f.npy") { try NPYFile.write(numbers, shape: [4, 6], to: $0) },
        try folder.bytes("d.npy") {
          try NPYFile.write(numbers.map(Double.init), shape: [2, 3, 4], to: $0)
        },
        try folder.bytes("i.npy") { try NPYFile.write(Array(0..<24), shape: [24], to: $0) },
        bytes(
          "{'descr': '>f4', 'fortran_order': True, 'shape': (4, 6), }",
          [UInt8](repeating: 0x3F, count: 96)),
        bytes(
          "{'descr': '<f2', 'fortran_order': False, 'shape': (2, 0), }", []),
      ].map {
        Original(
          path: "table.npy", bytes: $0,
          companions: [
            "index.csv": Array("song_id\n1\n2\n3\n4\n".utf8),
            "columns.txt": Array("a\nb\nc\nd\ne\nf\n".utf8),
          ])
      }
    },
    read: { file, folder in
      outcome(refusing: { $0 is NPYError || $0 is FileError || $0 is TableError }) {
        let array = try NPYFile(contentsOf: file)
        _ = array.floats()
        _ = array.doubles()
        _ = try? array.integers()
        _ = try Tensor(npy: file).description
        guard array.shape == [4, 6] else { return }
        _ = try FeatureTable(
          npy: file, index: folder.appending(path: "index.csv"),
          columns: folder.appending(path: "columns.txt"))
      }
    })

  /// Named tensors.
  static let safetensors = FuzzedReader(
    name: "safetensors", share: 2, realExtensions: ["safetensors"],
    makeOriginals: {
      let folder = try SeedFolder()
      let numbers = (0..<12).map { Float($0) * 0.25 - 1 }
      let contents: [[Safetensors.Content]] = [
        [
          .init("weight", shape: [3, 4], floats: numbers),
          .init("bias", shape: [4], floats: Array(numbers.prefix(4)), as: .float16),
          .init("scale", shape: [2], floats: [1, 2], as: .bfloat16),
        ],
        [
          .init("a.b \"é\"", shape: [2, 2], doubles: [1, 2, 3, 4]),
          .init("count", shape: [], integers: [7]), .init("empty", shape: [0, 5], floats: []),
        ],
        [],
      ]
      return try contents.enumerated().map { index, contents in
        Original(
          path: "tensors.safetensors",
          bytes: try folder.bytes("\(index).safetensors") {
            try Safetensors.write(
              contents, metadata: ["format": "pt", "note": "a \\ \" \u{1F3B5}"], to: $0)
          })
      }
    },
    read: { file, _ in
      outcome(refusing: { $0 is SafetensorsError || $0 is FileError }) {
        let tensors = try Safetensors(contentsOf: file)
        for name in tensors.names {
          guard let entry = tensors.tensors[name] else { continue }
          // A large extent beside an extent of 0 is a count of 0, whatever it says.
          precondition(entry.count * entry.elementType.byteCount == entry.byteRange.count)
          if entry.elementType.isInteger {
            _ = try tensors.integers(name)
          } else {
            _ = try? tensors.floats(name)
            _ = try? tensors.doubles(name)
            _ = try? tensors.tensor(name).description
          }
        }
      }
    })
}

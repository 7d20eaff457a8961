/// The header of a safetensors file, read and checked against the file's length.
struct SafetensorsHeader {
  private(set) var metadata: [String: String] = [:]
  private(set) var tensors: [String: Safetensors.Entry] = [:]
  private let path: String

  /// More axes than any tensor has; keeps the work on a hostile shape small.
  private static let maximumRank = 64

  init(_ bytes: UnsafeRawBufferPointer, path: String) throws(SafetensorsError) {
    self.path = path
    guard bytes.count >= 8 else {
      throw fault(.headerLength, at: 0, "a file of at least 8 bytes", "\(bytes.count)")
    }
    let stated = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    let limit = min(Safetensors.maximumHeaderLength, bytes.count - 8)
    guard stated <= UInt64(limit) else {
      throw fault(.headerLength, at: 0, "a header of at most \(limit) bytes", "\(stated)")
    }
    let end = 8 + Int(stated)
    var scanner = JSONScanner(bytes, range: 8..<end)
    do {
      try read(&scanner, dataStart: end, fileLength: bytes.count)
    } catch let error as JSONScanner.Fault {
      throw fault(.header, at: error.position, error.expected, error.found)
    } catch let error as SafetensorsError {
      throw error
    } catch {
      throw fault(.header, at: 8, "a readable header", "\(error)")
    }
    try checkLayout(dataStart: end, fileLength: bytes.count)
  }

  private mutating func read(
    _ scanner: inout JSONScanner, dataStart: Int, fileLength: Int
  ) throws {
    var hasMetadata = false
    try scanner.object { scanner, name, position in
      if name == "__metadata__" {
        guard !hasMetadata else { throw duplicate(name, at: position) }
        hasMetadata = true
        try scanner.object { scanner, key, position in
          let value = try scanner.string()
          guard metadata.updateValue(value, forKey: key) == nil else {
            throw duplicate(key, at: position)
          }
        }
      } else {
        let entry = try readEntry(
          &scanner, name: name, position: position, dataStart: dataStart, fileLength: fileLength)
        guard tensors.updateValue(entry, forKey: name) == nil else {
          throw duplicate(name, at: position)
        }
      }
    }
    try scanner.finish()
  }

  private func readEntry(
    _ scanner: inout JSONScanner, name: String, position: Int, dataStart: Int, fileLength: Int
  ) throws -> Safetensors.Entry {
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try scanner.object { scanner, key, position in
      switch key {
      case "dtype" where type == nil:
        let word = try scanner.string()
        type = ElementType(rawValue: word)
        if type == nil {
          throw fault(
            .elementType, at: position, of: name,
            "one of \(ElementType.allCases.map(\.rawValue).joined(separator: " "))", clipped(word))
        }
      case "shape" where shape == nil:
        shape = try scanner.naturals(atMost: Self.maximumRank)
      case "data_offsets" where offsets == nil:
        offsets = try scanner.naturals(atMost: 2)
      case "dtype", "shape", "data_offsets": throw duplicate(key, at: position)
      default: try scanner.skipValue()
      }
    }
    guard let type, let shape, let offsets else {
      throw fault(
        .header, at: position, of: name, "dtype, shape and data_offsets",
        "an entry without all three")
    }
    let available = fileLength - dataStart
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= available else {
      throw fault(
        .offsets, at: position, of: name, "two ascending offsets up to \(available)", "\(offsets)")
    }
    guard let count = elementCount(shape) else {
      throw fault(.shape, at: position, of: name, "a number of elements below 2^63", "\(shape)")
    }
    let (size, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
    guard !overflow, size == offsets[1] - offsets[0] else {
      throw fault(
        .offsets, at: position, of: name,
        "\(count) × \(type.byteCount) bytes for shape \(shape) of \(type.rawValue)",
        "\(offsets[1] - offsets[0]) bytes, \(offsets[0])..<\(offsets[1])")
    }
    return Safetensors.Entry(
      elementType: type, shape: shape, byteRange: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  /// Every byte of the data belongs to exactly one tensor.
  private func checkLayout(dataStart: Int, fileLength: Int) throws(SafetensorsError) {
    let ordered = tensors.sorted {
      ($0.value.byteRange.lowerBound, $0.value.byteRange.upperBound, $0.key)
        < ($1.value.byteRange.lowerBound, $1.value.byteRange.upperBound, $1.key)
    }
    var reached = dataStart
    for (name, entry) in ordered {
      guard entry.byteRange.lowerBound == reached else {
        throw fault(
          .layout, at: entry.byteRange.lowerBound, of: name, "data that start at byte \(reached)",
          "byte \(entry.byteRange.lowerBound), which leaves a gap or an overlap")
      }
      reached = entry.byteRange.upperBound
    }
    guard reached == fileLength else {
      throw fault(
        .layout, at: reached, "the end of the file", "\(fileLength - reached) bytes of no tensor")
    }
  }

  private func duplicate(_ name: String, at position: Int) -> SafetensorsError {
    fault(.duplicateName, at: position, of: name, "each name once", "a second one")
  }

  private func fault(
    _ kind: SafetensorsError.Kind, at position: Int, of name: String? = nil, _ expected: String,
    _ found: String
  ) -> SafetensorsError {
    SafetensorsError(
      path: path, kind: kind, position: position, name: name.map { clipped($0) },
      expected: expected, found: found)
  }
}

/// Text from a file as an error message can bear it.
func clipped(_ text: String) -> String {
  text.unicodeScalars.count <= 80
    ? text : String(String.UnicodeScalarView(text.unicodeScalars.prefix(80))) + "…"
}

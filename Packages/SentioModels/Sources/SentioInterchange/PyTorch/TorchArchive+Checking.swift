import Foundation
import SentioTensor

extension TorchArchive {
  /// Refuses what `torch.save` wrote before PyTorch 1.6, and says how to bring it to the newer format.
  static func refuseOldFormat(_ url: URL) throws {
    let start = try MappedFile(contentsOf: url).withUnsafeBytes { [UInt8]($0.prefix(14)) }
    // The number with which the old format begins, as a pickle.
    let old: [UInt8] = [
      0x80, 2, 0x8a, 10, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19,
    ]
    if start == old {
      throw InterchangeError.file(
        path: url.path, position: 0, expected: "an archive of PyTorch 1.6 or newer",
        found: "the older format; load it in PyTorch and save it again with torch.save")
    }
    if start.starts(with: [0x80]) {
      throw InterchangeError.file(
        path: url.path, position: 0, expected: "an archive of torch.save",
        found: "a bare pickle; save a state dictionary with torch.save(model.state_dict(), …)")
    }
  }

  /// The tensors that a pickle's value holds, by name.
  static func records(
    _ value: PickleValue, _ reader: PickleReader, key: String?, path: String
  ) throws -> [String: TorchTensorRecord] {
    func fault(_ expected: String, _ found: String) -> InterchangeError {
      .file(path: path, position: 0, expected: expected, found: found)
    }
    guard case .container(let top) = value else {
      throw fault("a dictionary of tensors", "another value")
    }
    if reader.containers[top].kind == .object { return try modules(top, reader, path) }
    guard let entries = reader.elements(of: value, .dictionary) else {
      throw fault("a dictionary of tensors", "another container")
    }
    func tensors(_ entries: [PickleValue]) throws -> [String: TorchTensorRecord] {
      var records: [String: TorchTensorRecord] = [:]
      for index in stride(from: 0, to: entries.count - 1, by: 2) {
        guard case .string(let name) = entries[index], case .tensor(let record) = entries[index + 1]
        else { continue }
        records[name] = record
      }
      guard records.count <= maximumTensors else {
        throw fault("at most \(maximumTensors) tensors", "\(records.count)")
      }
      return records
    }
    var inner: [String: [PickleValue]] = [:]
    for index in stride(from: 0, to: entries.count - 1, by: 2) {
      guard case .string(let name) = entries[index],
        let elements = reader.elements(of: entries[index + 1], .dictionary)
      else { continue }
      inner[name] = elements
    }
    if let key {
      guard let elements = inner[key] else {
        throw fault("a dictionary \(clippedName(key))", keys(entries))
      }
      return try tensors(elements)
    }
    let own = try tensors(entries)
    if !own.isEmpty { return own }
    for name in ["state_dict", "model_state_dict", "model", "network", "module"] {
      if let elements = inner[name] { return try tensors(elements) }
    }
    throw fault("a dictionary of tensors, or one named state_dict", keys(entries))
  }

  private static func keys(_ entries: [PickleValue]) -> String {
    let names = stride(from: 0, to: entries.count - 1, by: 2).prefix(12).compactMap { index in
      if case .string(let name) = entries[index] { clippedName(name) } else { nil }
    }
    return names.isEmpty ? "no names" : names.joined(separator: ", ")
  }

  /// The tensors of a TorchScript file's modules, with the names of `state_dict()`.
  private static func modules(
    _ top: Int, _ reader: PickleReader, _ path: String
  ) throws -> [String: TorchTensorRecord] {
    var records: [String: TorchTensorRecord] = [:]
    var pending = [(container: top, prefix: "", depth: 0)]
    var visited = 0
    while let next = pending.popLast() {
      visited += 1
      // A module may stand at several places, and a hostile file make more of them than there is time for.
      guard visited <= maximumTensors, next.depth < 64, records.count <= maximumTensors else {
        throw InterchangeError.file(
          path: path, position: 0, expected: "at most \(maximumTensors) modules and tensors",
          found: "more")
      }
      let entries = reader.containers[next.container].elements
      for index in stride(from: 0, to: entries.count - 1, by: 2) {
        guard case .string(let name) = entries[index] else { continue }
        switch entries[index + 1] {
        case .tensor(let record): records[next.prefix + name] = record
        case .container(let child) where reader.containers[child].kind == .object:
          pending.append((child, "\(next.prefix)\(name).", next.depth + 1))
        default: break
        }
      }
    }
    return records
  }

  /// Makes sure that a tensor lies inside of its storage, and the storage in the file.
  func check(_ name: String, _ record: TorchTensorRecord) throws {
    func fault(_ expected: String, _ found: String) -> InterchangeError {
      .file(
        path: url.path, position: 0, expected: "\(clippedName(name)): \(expected)", found: found)
    }
    let member = folder + "data/" + record.storage.key
    guard let bytes = archive.byteCount(of: member) else {
      throw fault("a member \(clippedName(member))", "none")
    }
    let width = record.storage.elementType.byteCount
    guard bytes >= 0, bytes % width == 0, bytes / width == record.storage.count else {
      throw fault("\(record.storage.count) numbers of \(width) bytes", "\(bytes) bytes")
    }
    guard record.shape.count <= Shape.maximumRank, record.strides.count == record.shape.count else {
      throw fault("at most \(Shape.maximumRank) axes, each with a stride", "\(record.shape)")
    }
    guard let last = record.lastPlace else {
      throw fault("extents and strides from 0 on", "\(record.shape) by \(record.strides)")
    }
    let count = record.shape.reduce(1, *)
    guard count <= record.storage.count else {
      throw fault(
        "at most the \(record.storage.count) numbers of its storage",
        "\(count): an expanded tensor; save it as .contiguous()")
    }
    guard count == 0 || last < record.storage.count else {
      throw fault("places below \(record.storage.count)", "\(last)")
    }
  }
}

extension TorchTensorRecord {
  /// The largest place in the storage; nil where a number is below 0 or no `Int` holds what follows from them.
  var lastPlace: Int? {
    guard offset >= 0, shape.allSatisfy({ $0 >= 0 }), strides.allSatisfy({ $0 >= 0 }) else {
      return nil
    }
    var (place, count) = (offset, 1)
    for (extent, stride) in zip(shape, strides) {
      let (product, overflow) = count.multipliedReportingOverflow(by: extent)
      let (reach, overflowsReach) = max(0, extent - 1).multipliedReportingOverflow(by: stride)
      let (sum, overflowsSum) = place.addingReportingOverflow(reach)
      if overflow || overflowsReach || overflowsSum { return nil }
      (count, place) = (product, sum)
    }
    return place
  }

  /// Whether the elements lie one after the other, row-major.
  var isContiguous: Bool {
    var expected = 1
    for axis in shape.indices.reversed() {
      if shape[axis] != 1 && strides[axis] != expected { return false }
      expected *= shape[axis]
    }
    return true
  }

  /// The tensor that a storage of sufficient length holds.
  func tensor(from bytes: UnsafeRawBufferPointer) -> Tensor {
    let (type, count) = (storage.elementType, shape.reduce(1, *))
    let width = type.byteCount
    guard count > 0 else { return .zeros(Shape(shape)) }
    let end = isContiguous ? offset + count : lastPlace! + 1
    let part = UnsafeRawBufferPointer(rebasing: bytes[offset * width..<end * width])
    if isContiguous { return Tensor(bytes: part, elementType: type, shape: Shape(shape)) }
    let flat = Tensor(bytes: part, elementType: type, shape: [end - offset])
    return Tensor(uninitialized: Shape(shape)) { target in
      flat.withUnsafeBufferPointer { source in
        var indices = [Int](repeating: 0, count: shape.count)
        var place = 0
        for element in 0..<count {
          target[element] = source[place]
          // The next place, as an odometer counts.
          for axis in shape.indices.reversed() {
            indices[axis] += 1
            place += strides[axis]
            if indices[axis] < shape[axis] { break }
            place -= strides[axis] * shape[axis]
            indices[axis] = 0
          }
        }
      }
    }
  }
}

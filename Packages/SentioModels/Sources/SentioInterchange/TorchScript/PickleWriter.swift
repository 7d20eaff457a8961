/// Writes the few things that a TorchScript file says in Python's pickle format, protocol 2.
///
/// *Reference:* `pickletools` of Python 3; `torch._utils._rebuild_tensor_v2`, PyTorch 2.x.
struct PickleWriter {
  private var bytes: [UInt8] = [0x80, 2]

  /// The pickle of `()`.
  static let emptyTuple: [UInt8] = [0x80, 2, 0x29, 0x2e]

  /// Begins an object whose state is a dictionary; names and values follow.
  mutating func beginObject(module: String, name: String) {
    global(module, name)
    bytes += [0x29, 0x81, 0x7d, 0x28]  // an empty tuple, NEWOBJ, an empty dictionary, a mark
  }

  /// Ends the object that was begun last.
  mutating func endObject() { bytes += [0x75, 0x62] }

  /// A string.
  mutating func string(_ text: String) {
    let utf8 = Array(text.utf8)
    bytes.append(0x58)
    append(utf8.count, 4)
    bytes += utf8
  }

  /// True or false.
  mutating func boolean(_ value: Bool) { bytes.append(value ? 0x88 : 0x89) }

  /// A row-major tensor that is all of a storage.
  mutating func tensor(storage: String, key: String, shape: [Int], requiresGradient: Bool) {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(1, shape[axis + 1])
    }
    global("torch._utils", "_rebuild_tensor_v2")
    bytes += [0x28, 0x28]
    string("storage")
    global("torch", storage)
    string(key)
    string("cpu")
    integer(shape.reduce(1, *))
    bytes += [0x74, 0x51]  // a tuple, and the storage that it means
    integer(0)
    tuple(shape)
    tuple(strides)
    boolean(requiresGradient)
    global("collections", "OrderedDict")
    bytes += [0x29, 0x52, 0x74, 0x52]  // called with nothing; a tuple; called with it
  }

  /// The whole pickle.
  mutating func finish() -> [UInt8] { bytes + [0x2e] }

  private mutating func tuple(_ values: [Int]) {
    bytes.append(0x28)
    for value in values { integer(value) }
    bytes.append(0x74)
  }

  private mutating func integer(_ value: Int) {
    if let small = Int32(exactly: value) {
      bytes.append(0x4a)
      append(Int(small), 4)
    } else {
      bytes += [0x8a, 8]
      append(value, 8)
    }
  }

  private mutating func global(_ module: String, _ name: String) {
    bytes.append(0x63)
    bytes += Array("\(module)\n\(name)\n".utf8)
  }

  private mutating func append(_ value: Int, _ size: Int) {
    for index in 0..<size { bytes.append(UInt8(truncatingIfNeeded: value >> (8 * index))) }
  }
}

import Foundation

/// Reads Python's pickle format as far as PyTorch's archives of tensors need it.
///
/// A pickle is a program for a small machine, and in Python it may call anything. This machine knows the opcodes that
/// containers, numbers, strings and tensors take, and the globals of ``PickleGlobal``; it calls nothing, and refuses the
/// rest by name. What it keeps is bounded by numbers that every state dictionary stays below.
///
/// *Reference:* `pickletools` of Python 3 (protocols 2 to 5); `torch.save` of PyTorch 1.6 and newer.
struct PickleReader {
  /// The longest pickle that is read: names and shapes take some hundred bytes a tensor.
  static let maximumLength = 32 << 20
  /// The most values that a pickle may make, of all kinds together.
  static let maximumValues = 4_000_000

  private(set) var containers: [PickleContainer] = []
  private let bytes: UnsafeRawBufferPointer
  private let path: String
  private var position = 0
  private var stack: [PickleValue] = []
  /// Where on the stack a container's elements begin.
  private var marks: [Int] = []
  private var memo: [Int: PickleValue] = [:]
  private var made = 0

  /// Prepares to read.
  ///
  /// - Parameters:
  ///   - bytes: the pickle, which must outlive the reader.
  ///   - path: what errors call the file.
  init(_ bytes: UnsafeRawBufferPointer, path: String) {
    (self.bytes, self.path) = (bytes, path)
  }

  /// Runs the program.
  ///
  /// - Returns: what it leaves on the stack.
  /// - Throws: `InterchangeError` with the byte and what is there.
  mutating func read() throws -> PickleValue {
    guard bytes.count <= Self.maximumLength else {
      throw fault("a pickle of at most \(Self.maximumLength) bytes", "\(bytes.count)")
    }
    while true {
      let start = position
      let opcode = try UInt8(number(1))
      if opcode == 0x2e {
        guard stack.count == 1, marks.isEmpty else {
          throw fault("one value at the end", "\(stack.count)", at: start)
        }
        return stack[0]
      }
      try step(opcode, at: start)
    }
  }

  func fault(_ expected: String, _ found: String, at position: Int? = nil) -> InterchangeError {
    .file(path: path, position: position ?? self.position, expected: expected, found: found)
  }

  // MARK: Opcodes

  private mutating func step(_ opcode: UInt8, at start: Int) throws {
    switch opcode {
    case 0x80:  // PROTO
      let version = try number(1)
      guard (2...5).contains(version) else { throw fault("protocol 2 to 5", "\(version)") }
    case 0x95: _ = try number(8)  // FRAME
    case 0x28: marks.append(stack.count)  // MARK
    case 0x4e: try push(.none)
    case 0x88: try push(.boolean(true))
    case 0x89: try push(.boolean(false))
    case 0x4b: try push(.integer(number(1)))
    case 0x4d: try push(.integer(number(2)))
    case 0x4a: try push(.integer(Int(Int32(truncatingIfNeeded: number(4)))))
    case 0x8a: try push(.integer(longInteger()))
    case 0x47:
      try push(.number(Double(bitPattern: UInt64(bitPattern: Int64(number(8))).byteSwapped)))
    case 0x58: try push(.string(text(count: number(4))))
    case 0x8c: try push(.string(text(count: number(1))))
    case 0x8d: try push(.string(text(count: number(8))))
    case 0x55: try push(.string(text(count: number(1))))  // SHORT_BINSTRING, of Python 2
    case 0x7d: try make(.dictionary, [])
    case 0x5d: try make(.list, [])
    case 0x29: try make(.tuple, [])
    case 0x85: try make(.tuple, take(1))
    case 0x86: try make(.tuple, take(2))
    case 0x87: try make(.tuple, take(3))
    case 0x74: try make(.tuple, takeToMark())
    case 0x61: try append(take(1), to: .list)
    case 0x65: try append(takeToMark(), to: .list)
    case 0x73: try append(take(2), to: .dictionary)
    case 0x75: try append(takeToMark(), to: .dictionary)
    case 0x71: try remember(number(1))
    case 0x72: try remember(number(4))
    case 0x94: try remember(memo.count)
    case 0x68: try recall(number(1))
    case 0x6a: try recall(number(4))
    case 0x63: try global(line(), line(), at: start)
    case 0x93:
      let names = try take(2)
      guard case .string(let module) = names[0], case .string(let name) = names[1] else {
        throw fault("the names of a module and a class", "other values", at: start)
      }
      try global(module, name, at: start)
    case 0x51: try storage(at: start)
    case 0x52: try call(at: start)
    case 0x81: try makeObject(at: start)
    case 0x62: try build(at: start)
    default:
      throw fault(
        "an opcode that tensors and their names need",
        "0x\(String(opcode, radix: 16)); save a state dictionary alone: torch.save(model.state_dict(), …)",
        at: start)
    }
  }

  private mutating func global(_ module: String, _ name: String, at start: Int) throws {
    guard let global = PickleGlobal(module: module, name: name) else {
      throw fault(
        "tensors and their names alone",
        "\(clippedName("\(module).\(name)")), which is never run; save a state dictionary alone: "
          + "torch.save(model.state_dict(), …)", at: start)
    }
    try push(.global(global))
  }

  /// `BINPERSID`: a storage from the tuple that names it.
  private mutating func storage(at start: Int) throws {
    let value = try take(1)[0]
    guard let parts = elements(of: value, .tuple), parts.count == 5,
      parts[0] == .string("storage"), case .global(.storage(let type)) = parts[1],
      case .string(let key) = parts[2], case .integer(let count) = parts[4], count >= 0
    else { throw fault("a storage of a known type", "another reference", at: start) }
    guard key.utf8.count <= 64, !key.contains("/") else {
      throw fault("a storage's number", clippedName(key), at: start)
    }
    try push(.storage(TorchStorage(elementType: type, key: key, count: count)))
  }

  /// `REDUCE`: the few calls that make tensors, without calling.
  private mutating func call(at start: Int) throws {
    let parts = try take(2)
    guard case .global(let global) = parts[0], let arguments = elements(of: parts[1], .tuple) else {
      throw fault("a function of PyTorch's and its arguments", "other values", at: start)
    }
    switch global {
    case .orderedDictionary where arguments.isEmpty: try make(.dictionary, [])
    case .size where arguments.count == 1: try push(arguments[0])
    case .rebuildParameter where arguments.count == 3:
      guard case .tensor = arguments[0] else {
        throw fault("a parameter's tensor", "another value", at: start)
      }
      try push(arguments[0])
    case .rebuildTensor where (6...7).contains(arguments.count):
      guard case .storage(let storage) = arguments[0], case .integer(let offset) = arguments[1],
        let shape = integers(arguments[2]), let strides = integers(arguments[3])
      else {
        throw fault("a tensor's storage, offset, shape and strides", "other values", at: start)
      }
      try push(
        .tensor(
          TorchTensorRecord(storage: storage, offset: offset, shape: shape, strides: strides)))
    default:
      throw fault(
        "the arguments of a function of PyTorch's", "\(arguments.count) others", at: start)
    }
  }

  /// `NEWOBJ`: a module of a TorchScript file.
  private mutating func makeObject(at start: Int) throws {
    let parts = try take(2)
    guard parts[0] == .global(.module), elements(of: parts[1], .tuple)?.isEmpty == true else {
      throw fault("a module of a TorchScript file", "an object of another class", at: start)
    }
    try make(.object, [])
  }

  /// `BUILD`: the attributes of an object, or of a dictionary, which does not need them.
  private mutating func build(at start: Int) throws {
    let parts = try take(1)
    guard case .container(let target)? = stack.last, let state = elements(of: parts[0], .dictionary)
    else { throw fault("attributes for an object", "other values", at: start) }
    if containers[target].kind == .object { containers[target].elements = state }
  }

  // MARK: Stack and tables

  private mutating func push(_ value: PickleValue) throws {
    try count(1)
    stack.append(value)
  }

  private mutating func count(_ values: Int) throws {
    made += values
    guard made <= Self.maximumValues else {
      throw fault("at most \(Self.maximumValues) values", "more")
    }
  }

  private mutating func take(_ count: Int) throws -> [PickleValue] {
    guard stack.count - (marks.last ?? 0) >= count else {
      throw fault("\(count) values on the stack", "\(stack.count - (marks.last ?? 0))")
    }
    defer { stack.removeLast(count) }
    return Array(stack.suffix(count))
  }

  private mutating func takeToMark() throws -> [PickleValue] {
    guard let mark = marks.popLast() else { throw fault("a mark on the stack", "none") }
    defer { stack.removeLast(stack.count - mark) }
    return Array(stack[mark...])
  }

  private mutating func make(_ kind: PickleContainer.Kind, _ elements: [PickleValue]) throws {
    containers.append(PickleContainer(kind: kind, elements: elements))
    try count(elements.count)
    try push(.container(containers.count - 1))
  }

  private mutating func append(_ values: [PickleValue], to kind: PickleContainer.Kind) throws {
    guard stack.count > (marks.last ?? 0), case .container(let target)? = stack.last,
      containers[target].kind == kind, kind == .list || values.count % 2 == 0
    else { throw fault("a container for \(values.count) values", "another value") }
    try count(values.count)
    containers[target].elements += values
  }

  private mutating func remember(_ place: Int) throws {
    guard let value = stack.last else { throw fault("a value to remember", "none") }
    try count(1)
    memo[place] = value
  }

  private mutating func recall(_ place: Int) throws {
    guard let value = memo[place] else { throw fault("a value remembered as \(place)", "none") }
    try push(value)
  }

  /// The elements of a container of a kind; nil for other values.
  func elements(of value: PickleValue, _ kind: PickleContainer.Kind) -> [PickleValue]? {
    guard case .container(let place) = value, containers[place].kind == kind else { return nil }
    return containers[place].elements
  }

  private func integers(_ value: PickleValue) -> [Int]? {
    guard let values = elements(of: value, .tuple), values.count <= 64 else { return nil }
    var integers: [Int] = []
    for value in values {
      guard case .integer(let integer) = value else { return nil }
      integers.append(integer)
    }
    return integers
  }

  // MARK: Bytes

  /// A little-endian number.
  private mutating func number(_ size: Int) throws -> Int {
    guard bytes.count - position >= size else { throw fault("\(size) more bytes", "the end") }
    var value: UInt64 = 0
    for index in 0..<size { value |= UInt64(bytes[position + index]) << (8 * index) }
    position += size
    return Int(truncatingIfNeeded: value)
  }

  /// `LONG1`: a number of up to eight bytes with its sign.
  private mutating func longInteger() throws -> Int {
    let size = try number(1)
    guard size <= 8 else { throw fault("a number of at most 8 bytes", "\(size)") }
    guard size > 0 else { return 0 }
    let shift = 64 - 8 * size
    return (try number(size) << shift) >> shift
  }

  private mutating func text(count: Int) throws -> String {
    guard count >= 0, bytes.count - position >= count, count <= 1 << 16 else {
      throw fault("a string of at most \(min(bytes.count - position, 1 << 16)) bytes", "\(count)")
    }
    defer { position += count }
    return String(decoding: bytes[position..<position + count], as: UTF8.self)
  }

  private mutating func line() throws -> String {
    let rest = bytes[position..<min(bytes.count, position + 1024)]
    guard let end = rest.firstIndex(of: 0x0a) else { throw fault("a line", "none") }
    defer { position = end + 1 }
    return String(decoding: bytes[position..<end], as: UTF8.self)
  }
}

/// A name from a file for an error's text: printable, and not long.
func clippedName(_ name: String) -> String {
  let printable = name.unicodeScalars.prefix(80).map { scalar in
    scalar.properties.isAlphabetic || scalar.isASCII && scalar.value >= 0x20
      ? Character(scalar) : "?"
  }
  return String(printable) + (name.unicodeScalars.count > 80 ? "…" : "")
}

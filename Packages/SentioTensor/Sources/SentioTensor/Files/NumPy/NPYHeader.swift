/// The header of an `.npy` array: what NumPy writes as the text of a Python dictionary.
struct NPYHeader: Sendable, Hashable {
  var elementType: ElementType
  var isBigEndian = false
  var isFortranOrder = false
  var shape: [Int]
  /// Where the elements start, in bytes from the start of the array.
  var dataStart = 0

  /// NumPy's own headers have 128 bytes; its reader refuses more than 10,000.
  static let maximumLength = 10_000
  private static let maximumRank = 64

  private static let types: [String: ElementType] = [
    "b1": .bool, "u1": .uint8, "i1": .int8, "i2": .int16, "u2": .uint16, "f2": .float16,
    "i4": .int32, "u4": .uint32, "f4": .float32, "f8": .float64, "i8": .int64, "u8": .uint64,
  ]

  init(elementType: ElementType, shape: [Int]) {
    self.elementType = elementType
    self.shape = shape
  }

  /// Reads and checks the header of an array that fills `bytes`.
  init(_ bytes: UnsafeRawBufferPointer, path: String, offset: Int = 0) throws(NPYError) {
    func fault(
      _ kind: NPYError.Kind, _ position: Int, _ expected: String, _ found: String
    ) -> NPYError {
      NPYError(
        path: path, kind: kind, position: offset + position, expected: expected, found: found)
    }
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    guard bytes.count >= 10, bytes.prefix(6).elementsEqual(magic) else {
      throw fault(.signature, 0, "\\x93NUMPY", "\(Array(bytes.prefix(6)))")
    }
    let isFirstVersion = bytes[6] == 1
    guard (1...3).contains(bytes[6]), isFirstVersion || bytes.count >= 12 else {
      throw fault(.signature, 6, "version 1, 2 or 3", "\(bytes[6])")
    }
    let textStart = isFirstVersion ? 10 : 12
    let length =
      isFirstVersion
      ? Int(UInt16(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt16.self)))
      : Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: 8, as: UInt32.self)))
    let limit = min(Self.maximumLength, bytes.count - textStart)
    guard length <= limit else {
      throw fault(.header, 8, "a header of at most \(limit) bytes", "\(length)")
    }
    var literal = PythonLiteral(bytes, range: textStart..<textStart + length)
    do {
      let fields = try literal.dictionary()
      guard case .text(let code)? = fields["descr"] else {
        throw PythonLiteral.Fault(
          position: textStart, expected: "a simple 'descr'", found: "none, or a structured type")
      }
      guard case .flag(let order)? = fields["fortran_order"],
        case .tuple(let shape)? = fields["shape"]
      else {
        throw PythonLiteral.Fault(
          position: textStart, expected: "'fortran_order' and 'shape'", found: "not both")
      }
      guard let mark = code.first, let type = Self.types[String(code.dropFirst())],
        "<>|=".contains(mark)
      else {
        let known = Self.types.keys.sorted().joined(separator: " ")
        throw fault(.elementType, textStart, "one of \(known), with < or >", clipped(code))
      }
      guard shape.count <= Self.maximumRank, let count = elementCount(shape),
        case (let size, let overflow) = count.multipliedReportingOverflow(by: type.byteCount),
        !overflow
      else {
        throw fault(.shape, textStart, "a number of bytes below 2^63", clipped("\(shape)"))
      }
      let available = bytes.count - textStart - length
      guard size == available else {
        throw fault(
          .length, textStart + length, "\(size) bytes for shape \(shape) of \(code)",
          "\(available)")
      }
      elementType = type
      isBigEndian = mark == ">" && type.byteCount > 1
      isFortranOrder = order
      self.shape = shape
      dataStart = textStart + length
    } catch let error as PythonLiteral.Fault {
      throw fault(.header, error.position, error.expected, error.found)
    } catch let error as NPYError {
      throw error
    } catch {
      throw fault(.header, textStart, "a readable header", "\(error)")
    }
  }

  /// The header as NumPy writes it: version 1, and 2 where it would not fit; padded so that the
  /// elements start at a multiple of 64.
  var bytes: [UInt8] {
    let names = Dictionary(uniqueKeysWithValues: Self.types.map { ($1, $0) })
    let mark = elementType.byteCount == 1 ? "|" : "<"
    let extents =
      shape.count == 1 ? "(\(shape[0]),)" : "(\(shape.map(String.init).joined(separator: ", ")))"
    let text =
      "{'descr': '\(mark)\(names[elementType]!)', 'fortran_order': False, 'shape': \(extents), }"
    let prefix = text.utf8.count + 64 < 65_536 ? 10 : 12
    let length = ((prefix + text.utf8.count + 1 + 63) & ~63) - prefix
    var bytes: [UInt8] = [0x93] + Array("NUMPY".utf8) + [prefix == 10 ? 1 : 2, 0]
    for byte in 0..<(prefix == 10 ? 2 : 4) { bytes.append(UInt8(length >> (8 * byte) & 0xff)) }
    bytes += Array(text.utf8)
    bytes += [UInt8](repeating: 0x20, count: length - text.utf8.count - 1) + [0x0a]
    return bytes
  }
}

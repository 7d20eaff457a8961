import CSentioTensorKernels

/// Turns the little-endian elements of a file, at any alignment, into Swift arrays.
enum ElementDecoding {
  /// Converts to `Float`, rounding to nearest where the type is wider.
  ///
  /// - Parameters:
  ///   - bytes: whole elements of `type`.
  ///   - type: their type.
  /// - Returns: one `Float` for each element.
  static func floats(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) -> [Float] {
    let count = bytes.count / type.byteCount
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      floats(bytes, type, into: UnsafeMutableBufferPointer(rebasing: buffer.prefix(count)))
      initialized = count
    }
  }

  /// Converts to `Float` where they are wanted, rounding to nearest where the type is wider.
  ///
  /// - Parameters:
  ///   - bytes: whole elements of `type`.
  ///   - type: their type.
  ///   - target: takes one `Float` for each element.
  static func floats(
    _ bytes: UnsafeRawBufferPointer, _ type: ElementType,
    into target: UnsafeMutableBufferPointer<Float>
  ) {
    guard let base = bytes.baseAddress, !target.isEmpty else { return }
    func convert<Source: BinaryInteger & BitwiseCopyable>(_: Source.Type) {
      for i in target.indices {
        let offset = i * MemoryLayout<Source>.size
        target[i] = Float(bytes.loadUnaligned(fromByteOffset: offset, as: Source.self))
      }
    }
    switch type {
    case .float32:
      UnsafeMutableRawBufferPointer(target).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes.prefix(4 * target.count)))
    case .float16: sentio_half_to_float(base, target.baseAddress, target.count)
    case .bfloat16: sentio_bfloat16_to_float(base, target.baseAddress, target.count)
    case .float64:
      for i in target.indices {
        target[i] = Float(bytes.loadUnaligned(fromByteOffset: 8 * i, as: Double.self))
      }
    case .bool, .uint8: convert(UInt8.self)
    case .int8: convert(Int8.self)
    case .int16: convert(Int16.self)
    case .uint16: convert(UInt16.self)
    case .int32: convert(Int32.self)
    case .uint32: convert(UInt32.self)
    case .int64: convert(Int64.self)
    case .uint64: convert(UInt64.self)
    }
  }

  /// Converts to `Double`, exactly but for 64-bit integers beyond 2⁵³.
  ///
  /// - Parameters:
  ///   - bytes: whole elements of `type`.
  ///   - type: their type.
  /// - Returns: one `Double` for each element.
  static func doubles(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) -> [Double] {
    switch type {
    case .float64: copy(bytes)
    case .float32: convert(bytes, Float.self) { Double($0) }
    case .float16, .bfloat16: floats(bytes, type).map(Double.init)
    case .bool, .uint8: convert(bytes, UInt8.self) { Double($0) }
    case .int8: convert(bytes, Int8.self) { Double($0) }
    case .int16: convert(bytes, Int16.self) { Double($0) }
    case .uint16: convert(bytes, UInt16.self) { Double($0) }
    case .int32: convert(bytes, Int32.self) { Double($0) }
    case .uint32: convert(bytes, UInt32.self) { Double($0) }
    case .int64: convert(bytes, Int64.self) { Double($0) }
    case .uint64: convert(bytes, UInt64.self) { Double($0) }
    }
  }

  /// Converts to `Int`; nil for floating-point types and where a number is above `Int.max`.
  ///
  /// - Parameters:
  ///   - bytes: whole elements of `type`.
  ///   - type: their type.
  /// - Returns: one `Int` for each element, or nil.
  static func integers(_ bytes: UnsafeRawBufferPointer, _ type: ElementType) -> [Int]? {
    switch type {
    case .float16, .bfloat16, .float32, .float64: return nil
    case .bool, .uint8: return convert(bytes, UInt8.self) { Int($0) }
    case .int8: return convert(bytes, Int8.self) { Int($0) }
    case .int16: return convert(bytes, Int16.self) { Int($0) }
    case .uint16: return convert(bytes, UInt16.self) { Int($0) }
    case .int32: return convert(bytes, Int32.self) { Int($0) }
    case .uint32: return convert(bytes, UInt32.self) { Int($0) }
    case .int64: return convert(bytes, Int64.self) { Int($0) }
    case .uint64:
      let words = convert(bytes, UInt64.self) { Int(truncatingIfNeeded: $0) }
      return words.contains { $0 < 0 } ? nil : words
    }
  }

  private static func copy<T: BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer) -> [T] {
    let count = bytes.count / MemoryLayout<T>.size
    return [T](unsafeUninitializedCapacity: count) { buffer, initialized in
      UnsafeMutableRawBufferPointer(buffer).copyMemory(
        from: UnsafeRawBufferPointer(rebasing: bytes.prefix(count * MemoryLayout<T>.size)))
      initialized = count
    }
  }

  @inline(__always)
  private static func convert<Source: BitwiseCopyable, Result>(
    _ bytes: UnsafeRawBufferPointer, _: Source.Type, _ transform: (Source) -> Result
  ) -> [Result] {
    let count = bytes.count / MemoryLayout<Source>.size
    return [Result](unsafeUninitializedCapacity: count) { buffer, initialized in
      for i in 0..<count {
        let element = bytes.loadUnaligned(
          fromByteOffset: i * MemoryLayout<Source>.size, as: Source.self)
        buffer.initializeElement(at: i, to: transform(element))
      }
      initialized = count
    }
  }
}

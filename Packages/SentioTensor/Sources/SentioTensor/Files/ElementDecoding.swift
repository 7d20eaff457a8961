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
    switch type {
    case .float32: copy(bytes)
    case .float16: halves(bytes, sentio_half_to_float)
    case .bfloat16: halves(bytes, sentio_bfloat16_to_float)
    case .float64: convert(bytes, Double.self) { Float($0) }
    case .bool, .uint8: convert(bytes, UInt8.self) { Float($0) }
    case .int8: convert(bytes, Int8.self) { Float($0) }
    case .int16: convert(bytes, Int16.self) { Float($0) }
    case .uint16: convert(bytes, UInt16.self) { Float($0) }
    case .int32: convert(bytes, Int32.self) { Float($0) }
    case .uint32: convert(bytes, UInt32.self) { Float($0) }
    case .int64: convert(bytes, Int64.self) { Float($0) }
    case .uint64: convert(bytes, UInt64.self) { Float($0) }
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

  private static func halves(
    _ bytes: UnsafeRawBufferPointer,
    _ kernel: (UnsafeRawPointer?, UnsafeMutablePointer<Float>?, Int) -> Void
  ) -> [Float] {
    let count = bytes.count / 2
    return [Float](unsafeUninitializedCapacity: count) { buffer, initialized in
      if count > 0 { kernel(bytes.baseAddress, buffer.baseAddress, count) }
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

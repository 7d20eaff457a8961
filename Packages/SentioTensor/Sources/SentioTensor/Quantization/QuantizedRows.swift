import CSentioTensorKernels

/// Weights rounded to 8 bits, each row with a scale of its own: `w[o, i] ≈ values[o, i] · scales[o]`.
///
/// A row holds what one output channel reads: of a linear layer its inputs, of a convolution its channels and taps.
struct QuantizedRows: Sendable {
  let rows: Int
  let columns: Int
  /// The integers, -127…127, row after row; packed forms stay with them.
  let storage: TensorStorage
  let scales: [Float]
  /// The sum of each row's integers, by which an activation's zero point counts.
  let sums: [Int32]

  var values: UnsafeMutablePointer<Int8> { storage.raw.assumingMemoryBound(to: Int8.self) }

  /// Rounds the rows of a tensor whose first axis counts the outputs.
  init(_ weight: Tensor) {
    rows = weight.shape[0]
    columns = rows > 0 ? weight.count / rows : 0
    let storage = TensorStorage(bytes: weight.count)
    var scales = [Float](repeating: 0, count: rows)
    var sums = [Int32](repeating: 0, count: rows)
    sentio_quantize_rows(
      weight.storage.pointer, storage.raw.assumingMemoryBound(to: Int8.self), &scales, &sums, rows,
      columns)
    self.storage = storage
    self.scales = scales
    self.sums = sums
  }

  /// Takes rows that are rounded already: `rows · columns` integers and a scale for each row.
  init(integers: [Int8], scales: [Float]) {
    rows = scales.count
    columns = rows > 0 ? integers.count / rows : 0
    let storage = TensorStorage(bytes: max(1, integers.count))
    integers.withUnsafeBytes {
      if let base = $0.baseAddress { storage.raw.copyMemory(from: base, byteCount: $0.count) }
    }
    self.storage = storage
    self.scales = scales
    let columns = columns
    sums = scales.indices.map { row in
      integers[row * columns..<(row + 1) * columns].reduce(Int32(0)) { $0 + Int32($1) }
    }
  }

  /// The integers, row after row.
  var integers: [Int8] { Array(UnsafeBufferPointer(start: values, count: rows * columns)) }

  /// The numbers that the integers stand for, `[rows, columns]`.
  func dequantized() -> Tensor {
    Tensor(uninitialized: [rows, columns]) { buffer in
      for row in 0..<rows {
        for i in row * columns..<(row + 1) * columns {
          buffer[i] = Float(values[i]) * scales[row]
        }
      }
    }
  }

  /// `Σ q[row, i] · values[column, i]` for activations in 8 bits, exactly.
  ///
  /// - Parameters:
  ///   - activations: `[count, columns]` in 0…255.
  ///   - count: their rows.
  ///   - engine: which library; the integers are the same.
  /// - Returns: `[count, rows]` of `Int32`.
  func product(_ activations: TensorStorage, count: Int, engine: ComputeEngine) -> TensorStorage {
    let sums = TensorStorage(bytes: count * rows * MemoryLayout<Int32>.stride)
    #if OneDNN
      if engine == .oneDNN && Compute.integerSupport.isNative {
        let product = PreparedProduct(
          m: count, n: rows, k: columns, transposeB: true, factors: .uint8, result: .int32,
          packsB: true)
        if let primitive = product.primitive,
          let packed = storage.packed(
            for: primitive, type: .int8, extents: [columns, rows], strides: [1, columns])
        {
          product.run(primitive, activations, packed, into: sums)
          return sums
        }
      }
    #endif
    let a = activations.raw.assumingMemoryBound(to: UInt8.self)
    let c = sums.raw.assumingMemoryBound(to: Int32.self)
    // A row of weights meets eight rows of activations while it is in the nearest cache.
    let blocks = (count + 7) / 8
    ParallelLoop.run(blocks, cost: 8 * rows * columns / 8) { range in
      for block in range {
        let first = 8 * block
        sentio_integer_product(
          a + first * columns, values, c + first * rows, min(8, count - first), rows, columns)
      }
    }
    return sums
  }
}

import SentioBLAS

/// A dense row-major matrix of doubles, in which the arithmetic of this module runs.
struct Matrix: Sendable, Equatable {
  var rows: Int
  var columns: Int
  var values: [Double]

  init(rows: Int, columns: Int, values: [Double]) {
    precondition(values.count == rows * columns, "\(values.count) values for \(rows) × \(columns)")
    self.rows = rows
    self.columns = columns
    self.values = values
  }

  init(zeros rows: Int, _ columns: Int) {
    self.init(
      rows: rows, columns: columns, values: [Double](repeating: 0, count: rows * columns))
  }

  init(_ design: Design) {
    self.init(
      rows: design.rowCount, columns: design.columnCount, values: design.values.map(Double.init))
  }

  init(_ targets: Targets) {
    self.init(rows: targets.rowCount, columns: targets.outputCount, values: targets.values)
  }

  func selectingRows(_ indices: [Int]) -> Matrix {
    if indices.elementsEqual(0..<rows) { return self }
    var picked: [Double] = []
    picked.reserveCapacity(indices.count * columns)
    for index in indices {
      picked.append(contentsOf: values[index * columns..<(index + 1) * columns])
    }
    return Matrix(rows: indices.count, columns: columns, values: picked)
  }

  func selectingColumns(_ indices: [Int]) -> Matrix {
    var picked: [Double] = []
    picked.reserveCapacity(rows * indices.count)
    for row in 0..<rows {
      for column in indices { picked.append(values[row * columns + column]) }
    }
    return Matrix(rows: rows, columns: indices.count, values: picked)
  }

  func column(_ index: Int) -> [Double] { strided(values, column: index, of: columns) }

  /// The mean of each column; 0 for a matrix without rows.
  var columnMeans: [Double] {
    var sums = [Double](repeating: 0, count: columns)
    values.withUnsafeBufferPointer { source in
      sums.withUnsafeMutableBufferPointer { sums in
        for row in 0..<rows {
          for column in 0..<columns { sums[column] += source[row * columns + column] }
        }
      }
    }
    return sums.map { $0 / Double(max(1, rows)) }
  }

  /// The product with the transpose of `other`: `[rows, other.rows]`.
  func timesTransposed(_ other: Matrix) -> Matrix {
    precondition(columns == other.columns, "\(columns) columns times \(other.columns) transposed")
    var product = Matrix(zeros: rows, other.rows)
    guard rows > 0, other.rows > 0 else { return product }
    values.withUnsafeBufferPointer { a in
      other.values.withUnsafeBufferPointer { b in
        product.values.withUnsafeMutableBufferPointer { c in
          BLAS.gemm(
            a.baseAddress!, b.baseAddress!, into: c.baseAddress!, m: rows, n: other.rows,
            k: columns, transposeB: true)
        }
      }
    }
    return product
  }
}

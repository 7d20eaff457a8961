/// What may stand in a tensor's literal: a number, or rows of the same.
public indirect enum TensorLiteral: Sendable {
  /// A number.
  case number(Float)
  /// Rows of equal shape.
  case rows([TensorLiteral])

  /// Not a number.
  public static let nan = TensorLiteral.number(.nan)
  /// Positive infinity.
  public static let infinity = TensorLiteral.number(.infinity)

  fileprivate var extents: [Int] {
    switch self {
    case .number: []
    case .rows(let rows): [rows.count] + (rows.first?.extents ?? [])
    }
  }

  fileprivate func append(to elements: inout [Float]) {
    switch self {
    case .number(let value): elements.append(value)
    case .rows(let rows): for row in rows { row.append(to: &elements) }
    }
  }
}

extension TensorLiteral: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral,
  ExpressibleByArrayLiteral
{
  /// Creates a number.
  public init(floatLiteral value: Float) { self = .number(value) }

  /// Creates a number.
  public init(integerLiteral value: Int) { self = .number(Float(value)) }

  /// Creates rows, which must have one shape.
  public init(arrayLiteral rows: TensorLiteral...) {
    for row in rows where row.extents != rows[0].extents {
      stop(
        "the rows of a tensor have one shape: \(rows[0].extents) is not \(row.extents)", #fileID,
        #line)
    }
    self = .rows(rows)
  }
}

extension Tensor: ExpressibleByArrayLiteral {
  /// Creates a tensor from nested rows of numbers, such as `[[1, 2], [3, 4]]`.
  public init(arrayLiteral rows: TensorLiteral...) {
    let literal = TensorLiteral.rows(rows)
    for row in rows where row.extents != rows[0].extents {
      stop(
        "the rows of a tensor have one shape: \(rows[0].extents) is not \(row.extents)", #fileID,
        #line)
    }
    var elements: [Float] = []
    literal.append(to: &elements)
    self.init(elements, shape: Shape(literal.extents))
  }
}

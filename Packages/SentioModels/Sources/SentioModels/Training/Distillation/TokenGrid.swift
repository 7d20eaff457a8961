import SentioNN
import SentioTensor

/// Brings tokens and attention from one grid of patches to another.
struct TokenGrid: Sendable {
  let source: HeightWidth
  let target: HeightWidth
  /// Tokens before those of the patches, which stay.
  let leading: Int
  /// `[T', T]`: row q is made of which rows; nil where the grids are equal.
  private let queries: Tensor?
  /// `[T, T']`: what a key has goes to which keys.
  private let keys: Tensor?

  init(from source: HeightWidth, to target: HeightWidth, leading: Int) {
    self.source = source
    self.target = target
    self.leading = leading
    guard source != target else {
      (queries, keys) = (nil, nil)
      return
    }
    let (old, new) = (source.height * source.width, target.height * target.width)
    // A picture for each old patch, 1 there and 0 elsewhere: resized, its share in each new patch.
    let shares = Tensor.identity(old).reshaped([old, 1, source.height, source.width])
      .resized2D(to: target, antialiased: true).reshaped([old, new])
    let dealt = shares / shares.sum(axes: 1, keepingAxes: true)
    queries = Self.bordered(shares.transposed(), leading)
    keys = Self.bordered(dealt, leading)
  }

  /// The matrix below and right of an identity for the leading tokens.
  private static func bordered(_ matrix: Tensor, _ leading: Int) -> Tensor {
    guard leading > 0 else { return matrix }
    let (rows, columns) = (matrix.shape[0], matrix.shape[1])
    let top = Tensor.concatenate(
      [Tensor.identity(leading), Tensor.zeros([leading, columns])], axis: 1)
    let below = Tensor.concatenate([Tensor.zeros([rows, leading]), matrix], axis: 1)
    return Tensor.concatenate([top, below], axis: 0)
  }

  /// Tokens on the other grid: `[1, T, D]` to `[1, T', D]`.
  func resampled(tokens: Tensor) -> Tensor {
    guard let queries else { return tokens }
    let (old, features) = (tokens.shape[1], tokens.shape[2])
    return queries.matmul(tokens.reshaped([old, features])).reshaped([1, -1, features])
  }

  /// Attention on the other grid: `[1, T, T]` to `[1, T', T']`; rows keep their sums.
  func resampled(attention: Tensor) -> Tensor {
    guard let queries, let keys else { return attention }
    let old = attention.shape[1]
    return queries.matmul(attention.reshaped([old, old])).matmul(keys)
      .reshaped([1, queries.shape[0], queries.shape[0]])
  }
}

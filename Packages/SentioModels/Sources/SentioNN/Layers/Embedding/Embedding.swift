import SentioTensor

/// A vector for each of a number of words, notes or classes.
///
/// Indices of any shape become that shape with D behind it. `weight` `[V, D]` starts normal with deviation 1, the
/// row of the padding index as zeros.
///
/// *Reference:* `torch.nn.Embedding`, 2.x; Keras starts with `.uniform(limit: 0.05)`.
public struct Embedding: Module {
  /// Where the layer stands.
  public var site = Site()
  /// `[V, D]`, a row for each index.
  @Parameter public var weight: Tensor
  /// The index that stands for nothing, and whose row gets no gradient; none if nil.
  public let paddingIndex: Int?

  /// Creates an embedding of known vectors.
  ///
  /// - Parameters:
  ///   - weight: `[V, D]`.
  ///   - paddingIndex: the index that stands for nothing; none if nil.
  public init(weight: Tensor, paddingIndex: Int? = nil) {
    precondition(weight.rank == 2, "Embedding: a table is [V, D], and this is \(weight.shape)")
    precondition(
      paddingIndex.map { (0..<weight.shape[0]).contains($0) } ?? true,
      "Embedding: padding index \(paddingIndex ?? 0) is not one of \(weight.shape[0]) rows")
    self.paddingIndex = paddingIndex
    self.weight = weight
  }

  /// Creates an embedding of random vectors.
  ///
  /// - Parameters:
  ///   - vocabulary: V, the number of indices.
  ///   - features: D.
  ///   - paddingIndex: the index that stands for nothing; none if nil.
  ///   - initializer: how vectors start.
  ///   - stream: the stream to draw from.
  public init(
    _ vocabulary: Int, _ features: Int, paddingIndex: Int? = nil,
    initializer: Initializer = .normal(standardDeviation: 1), from stream: inout RandomStream
  ) {
    var table = initializer.tensor([vocabulary, features], from: &stream)
    if let paddingIndex {
      table.withUnsafeMutableBufferPointer {
        $0[paddingIndex * features..<(paddingIndex + 1) * features].update(repeating: 0)
      }
    }
    self.init(weight: table, paddingIndex: paddingIndex)
  }

  /// Hands over the table.
  public mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_weight) }

  /// The vectors of indices.
  ///
  /// - Parameters:
  ///   - indices: from 0 and below V, row-major in `shape`.
  ///   - shape: the shape of the indices; by default one axis.
  /// - Returns: the shape of the indices with D behind it.
  public func callAsFunction(_ indices: [Int], shape: Shape? = nil) -> Tensor {
    let vectors = weight.embedding(indices, shape: shape, paddingIndex: paddingIndex)
    report([], vectors)
    return vectors
  }
}

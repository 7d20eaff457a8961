/// A sum of binary regression trees for one output.
///
/// `f(x) = base + Σ_t leaf_t(x)`, added in single precision and in order, as XGBoost adds. At an inner
/// node a row goes left where its feature is less than the threshold.
///
/// The nodes of all trees stand in one list of arrays; the two children of a node stand side by
/// side and after it, so that one number, ``firstChild``, holds the shape and no walk can loop.
public struct TreeEnsemble: Hashable, Sendable {
  /// What the sum starts from.
  public let base: Float
  /// How many features a row has.
  public let featureCount: Int
  /// The node at which each tree starts, and at the end the number of nodes: `trees + 1` of them.
  public let roots: [Int32]
  /// The feature that an inner node asks for; -1 at a leaf.
  public let features: [Int32]
  /// The threshold of an inner node, the value of a leaf.
  public let values: [Float]
  /// The left child, which the right one follows; -1 at a leaf.
  public let firstChild: [Int32]
  /// How much the split at an inner node reduced the loss; 0 at a leaf.
  public let gains: [Float]
  /// The weight of the training rows that came through a node; for squared error their number.
  public let covers: [Float]

  /// The deepest tree that is accepted; a walk to a leaf takes no more steps.
  public static let depthLimit = 64

  /// Creates trees from their arrays, every one of which is checked.
  ///
  /// - Throws: ``TreeEnsembleError`` where the arrays do not make trees.
  public init(
    base: Float, featureCount: Int, roots: [Int32], features: [Int32], values: [Float],
    firstChild: [Int32], gains: [Float], covers: [Float]
  ) throws(TreeEnsembleError) {
    self.base = base
    self.featureCount = featureCount
    self.roots = roots
    self.features = features
    self.values = values
    self.firstChild = firstChild
    self.gains = gains
    self.covers = covers
    try validate()
  }

  /// The number of trees.
  public var treeCount: Int { roots.count - 1 }
  /// The number of nodes, leaves included.
  public var nodeCount: Int { features.count }

  /// The prediction for one row of ``featureCount`` finite features.
  public func predict(_ row: UnsafePointer<Float>) -> Float {
    var sum = base
    features.withUnsafeBufferPointer { features in
      values.withUnsafeBufferPointer { values in
        firstChild.withUnsafeBufferPointer { firstChild in
          for root in roots.dropLast() {
            var node = Int(root)
            var feature = features[node]
            while feature >= 0 {
              node = Int(firstChild[node]) + (row[Int(feature)] < values[node] ? 0 : 1)
              feature = features[node]
            }
            sum += values[node]
          }
        }
      }
    }
    return sum
  }

  /// The first `count` trees.
  public func prefix(_ count: Int) -> TreeEnsemble {
    precondition(count >= 0 && count <= treeCount, "\(count) of \(treeCount) trees")
    let end = Int(roots[count])
    return TreeEnsemble(
      trusted: base, featureCount, Array(roots[...count]), Array(features[..<end]),
      Array(values[..<end]), Array(firstChild[..<end]), Array(gains[..<end]),
      Array(covers[..<end]))
  }

  private init(
    trusted base: Float, _ featureCount: Int, _ roots: [Int32], _ features: [Int32],
    _ values: [Float], _ firstChild: [Int32], _ gains: [Float], _ covers: [Float]
  ) {
    self.base = base
    self.featureCount = featureCount
    self.roots = roots
    self.features = features
    self.values = values
    self.firstChild = firstChild
    self.gains = gains
    self.covers = covers
  }

  private func validate() throws(TreeEnsembleError) {
    let count = features.count
    func fail(_ node: Int, _ reason: String) -> TreeEnsembleError {
      TreeEnsembleError(node: node, reason: reason)
    }
    guard values.count == count, firstChild.count == count, gains.count == count,
      covers.count == count
    else { throw fail(0, "the node arrays have different lengths") }
    guard base.isFinite else { throw fail(0, "the base \(base) is not finite") }
    guard roots.first == 0, roots.last == Int32(exactly: count),
      zip(roots, roots.dropFirst()).allSatisfy({ $0 < $1 })
    else { throw fail(0, "the roots must rise from 0 to the number of nodes, \(count)") }
    for tree in 0..<treeCount {
      let (start, end) = (Int(roots[tree]), Int(roots[tree + 1]))
      // Children are handed out in order: node by node, the next two. Then every node but the root has
      // exactly one parent, which stands before it.
      var next = start + 1
      var depths = [0]
      for node in start..<end {
        guard values[node].isFinite, gains[node].isFinite, covers[node].isFinite,
          covers[node] >= 0
        else { throw fail(node, "a number is not finite, or a cover is negative") }
        guard node < next else { throw fail(node, "no node leads here") }
        if features[node] < 0 {
          guard features[node] == -1, firstChild[node] == -1 else {
            throw fail(node, "a leaf has feature \(features[node]), child \(firstChild[node])")
          }
          continue
        }
        guard features[node] < featureCount else {
          throw fail(node, "feature \(features[node]) of \(featureCount)")
        }
        guard Int(firstChild[node]) == next, next + 1 < end else {
          throw fail(
            node, "child \(firstChild[node]); expected \(next), before the tree's end at \(end)")
        }
        let depth = depths[node - start] + 1
        guard depth <= Self.depthLimit else {
          throw fail(node, "the tree is deeper than \(Self.depthLimit)")
        }
        depths += [depth, depth]
        next += 2
      }
    }
  }
}

/// Why arrays are not a ``TreeEnsemble``.
public struct TreeEnsembleError: Error, Hashable, CustomStringConvertible {
  /// The node at which the check failed.
  public let node: Int
  /// What was found there.
  public let reason: String

  /// The node and the reason.
  public var description: String { "node \(node) of the trees: \(reason)" }
}

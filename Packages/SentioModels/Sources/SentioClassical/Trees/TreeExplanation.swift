/// How much each feature moved one prediction away from the average one.
public struct Contributions: Hashable, Sendable {
  /// The average prediction over the training rows, from which the contributions start.
  public let base: Double
  /// One contribution a feature, in the model's order; with ``base`` they add up to the prediction.
  public let values: [Double]
}

extension TreeEnsemble {
  /// The SHAP values of one row: each feature's average effect over all orders of revealing features.
  ///
  /// They are exact for the trees, in time `O(trees · leaves · depth²)`; a feature that is not revealed
  /// is averaged over by the cover of the branches ("path-dependent").
  ///
  /// - Parameter row: ``featureCount`` finite features.
  /// - Returns: the average prediction and what each feature adds to it.
  ///
  /// *Reference:* S. Lundberg et al., "From local explanations to global understanding with
  /// explainable AI for trees", 2020, algorithm 2; XGBoost's `pred_contribs=True`.
  public func contributions(_ row: UnsafePointer<Float>) -> Contributions {
    var walker = ContributionWalker(trees: self, row: row)
    var base = Double(self.base)
    for root in roots.dropLast() {
      base += expectation(Int(root))
      walker.descend(
        Int(root), path: [], zeroFraction: 1, oneFraction: 1, feature: -1)
    }
    return Contributions(base: base, values: walker.contributions)
  }

  /// The mean of the leaves below a node, weighted by cover.
  private func expectation(_ node: Int) -> Double {
    guard features[node] >= 0 else { return Double(values[node]) }
    let left = Int(firstChild[node])
    let (a, b) = childShares(left)
    return a * expectation(left) + b * expectation(left + 1)
  }

  /// The share of the training weight that went to `left` and to the node after it.
  fileprivate func childShares(_ left: Int) -> (Double, Double) {
    let (a, b) = (Double(covers[left]), Double(covers[left + 1]))
    return a + b > 0 ? (a / (a + b), b / (a + b)) : (0.5, 0.5)
  }
}

/// The state of one walk over all paths of the trees.
private struct ContributionWalker {
  /// One feature on the path from the root, with the share of orders in which it is revealed.
  struct Step {
    var feature: Int32
    /// The share of paths that flow through where the feature is hidden.
    var zeroFraction: Double
    /// 1 where the row follows the path, 0 where it does not.
    var oneFraction: Double
    /// The weight of the sets of features of this size.
    var weight: Double
  }

  let trees: TreeEnsemble
  let row: UnsafePointer<Float>
  var contributions: [Double]

  init(trees: TreeEnsemble, row: UnsafePointer<Float>) {
    self.trees = trees
    self.row = row
    contributions = [Double](repeating: 0, count: trees.featureCount)
  }

  mutating func descend(
    _ node: Int, path parent: [Step], zeroFraction: Double, oneFraction: Double, feature: Int32
  ) {
    var path = parent
    Self.extend(&path, zeroFraction, oneFraction, feature)
    let split = trees.features[node]
    if split < 0 {
      let leaf = Double(trees.values[node])
      for place in path.indices.dropFirst() {
        let step = path[place]
        contributions[Int(step.feature)] +=
          Self.weightWithout(place, path) * (step.oneFraction - step.zeroFraction) * leaf
      }
      return
    }
    let left = Int(trees.firstChild[node])
    let shares = trees.childShares(left)
    let goesLeft = row[Int(split)] < trees.values[node]
    var (zero, one) = (1.0, 1.0)
    // A feature that was asked before on this path counts once, with both conditions.
    if let before = path.firstIndex(where: { $0.feature == split }) {
      zero = path[before].zeroFraction
      one = path[before].oneFraction
      Self.unwind(before, &path)
    }
    descend(
      left, path: path, zeroFraction: zero * shares.0, oneFraction: goesLeft ? one : 0,
      feature: split)
    descend(
      left + 1, path: path, zeroFraction: zero * shares.1, oneFraction: goesLeft ? 0 : one,
      feature: split)
  }

  /// Adds a feature: each set of features either has it or has not.
  static func extend(_ path: inout [Step], _ zero: Double, _ one: Double, _ feature: Int32) {
    let depth = path.count
    path.append(
      Step(feature: feature, zeroFraction: zero, oneFraction: one, weight: depth == 0 ? 1 : 0))
    for i in stride(from: depth - 1, through: 0, by: -1) {
      path[i + 1].weight += one * path[i].weight * Double(i + 1) / Double(depth + 1)
      path[i].weight = zero * path[i].weight * Double(depth - i) / Double(depth + 1)
    }
  }

  /// Undoes ``extend(_:_:_:_:)`` for the step at `place`.
  static func unwind(_ place: Int, _ path: inout [Step]) {
    let depth = path.count - 1
    let (zero, one) = (path[place].zeroFraction, path[place].oneFraction)
    var next = path[depth].weight
    for i in stride(from: depth - 1, through: 0, by: -1) {
      if one != 0 {
        let kept = path[i].weight
        path[i].weight = next * Double(depth + 1) / (Double(i + 1) * one)
        next = kept - path[i].weight * zero * Double(depth - i) / Double(depth + 1)
      } else if zero != 0 {
        path[i].weight = path[i].weight * Double(depth + 1) / (zero * Double(depth - i))
      }
    }
    for i in place..<depth {
      path[i].feature = path[i + 1].feature
      path[i].zeroFraction = path[i + 1].zeroFraction
      path[i].oneFraction = path[i + 1].oneFraction
    }
    path.removeLast()
  }

  /// The sum of the weights that ``unwind(_:_:)`` would leave.
  static func weightWithout(_ place: Int, _ path: [Step]) -> Double {
    let depth = path.count - 1
    let (zero, one) = (path[place].zeroFraction, path[place].oneFraction)
    var next = path[depth].weight
    var total = 0.0
    for i in stride(from: depth - 1, through: 0, by: -1) {
      if one != 0 {
        let weight = next * Double(depth + 1) / (Double(i + 1) * one)
        total += weight
        next = path[i].weight - weight * zero * Double(depth - i) / Double(depth + 1)
      } else if zero != 0 {
        total += path[i].weight * Double(depth + 1) / (zero * Double(depth - i))
      }
    }
    return total
  }
}

import Foundation

extension TreeEnsemble {
  /// Reads a model that XGBoost saved as JSON.
  ///
  /// Boosted trees (`gbtree`) with numerical splits and one output under `reg:squarederror` are
  /// read, of XGBoost 1.7 to 3.x. The directions of missing values are dropped: this module
  /// refuses missing values.
  ///
  /// - Parameter json: the bytes of the file; not larger than 256 MiB.
  /// - Throws: ``ClassicalError/library(name:message:)`` with what was found instead.
  public init(xgboostJSON json: Data) throws {
    func refuse(_ message: String) -> ClassicalError {
      .library(name: "XGBoost model", message: message)
    }
    guard json.count <= 256 << 20 else { throw refuse("\(json.count) bytes, more than 256 MiB") }
    let learner: XGBoostModel.Learner
    do {
      learner = try JSONDecoder().decode(XGBoostModel.self, from: json).learner
    } catch {
      throw refuse("not a model of boosted trees in JSON: \(error)")
    }
    guard learner.objective.name == "reg:squarederror" else {
      throw refuse("objective \(learner.objective.name), expected reg:squarederror")
    }
    let parameters = learner.parameters
    guard let featureCount = Int(parameters.featureCount), (1...1_000_000).contains(featureCount),
      let base = Float(parameters.base.trimmingCharacters(in: ["[", "]"]))
    else { throw refuse("\(parameters.featureCount) features, base \(parameters.base)") }

    var nodes = Nodes()
    for (number, tree) in learner.booster.model.trees.enumerated() {
      guard nodes.append(tree) else {
        throw refuse("tree \(number) is broken, or has a categorical split")
      }
    }
    do {
      try self.init(
        base: base, featureCount: featureCount, roots: nodes.roots, features: nodes.features,
        values: nodes.values, firstChild: nodes.firstChild, gains: nodes.gains,
        covers: nodes.covers)
    } catch {
      throw refuse(error.description)
    }
  }

  /// The arrays of an ensemble while trees are being added.
  private struct Nodes {
    var roots: [Int32] = [0]
    var features: [Int32] = []
    var values: [Float] = []
    var firstChild: [Int32] = []
    var gains: [Float] = []
    var covers: [Float] = []

    /// Adds a tree with its nodes renumbered level by level; false where it is no tree.
    mutating func append(_ tree: XGBoostModel.Tree) -> Bool {
      let count = tree.left.count
      guard count > 0, tree.right.count == count, tree.features.count == count,
        tree.values.count == count, tree.gains.count == count, tree.covers.count == count,
        tree.splitTypes?.allSatisfy({ $0 == 0 }) ?? true
      else { return false }
      let start = features.count
      var queue = [0]
      var place = 0
      while place < queue.count {
        let node = queue[place]
        place += 1
        // A node that two others lead to would make the queue outgrow the tree.
        guard node >= 0, node < count, queue.count <= count else { return false }
        if tree.left[node] < 0 {
          features.append(-1)
          firstChild.append(-1)
          gains.append(0)
        } else {
          features.append(tree.features[node])
          firstChild.append(Int32(start + queue.count))
          gains.append(tree.gains[node])
          queue += [Int(tree.left[node]), Int(tree.right[node])]
        }
        values.append(tree.values[node])
        covers.append(tree.covers[node])
      }
      roots.append(Int32(features.count))
      return true
    }
  }
}

/// The part of XGBoost's JSON that holds the trees.
private struct XGBoostModel: Decodable {
  let learner: Learner

  struct Learner: Decodable {
    let booster: Booster
    let parameters: Parameters
    let objective: Objective

    enum CodingKeys: String, CodingKey {
      case booster = "gradient_booster"
      case parameters = "learner_model_param"
      case objective
    }
  }
  struct Objective: Decodable { let name: String }
  struct Parameters: Decodable {
    let base: String
    let featureCount: String

    enum CodingKeys: String, CodingKey {
      case base = "base_score"
      case featureCount = "num_feature"
    }
  }
  struct Booster: Decodable { let model: Model }
  struct Model: Decodable { let trees: [Tree] }
  struct Tree: Decodable {
    let left: [Int32]
    let right: [Int32]
    let features: [Int32]
    let values: [Float]
    let gains: [Float]
    let covers: [Float]
    let splitTypes: [Int]?

    enum CodingKeys: String, CodingKey {
      case left = "left_children"
      case right = "right_children"
      case features = "split_indices"
      case values = "split_conditions"
      case gains = "loss_changes"
      case covers = "sum_hessian"
      case splitTypes = "split_type"
    }
  }
}

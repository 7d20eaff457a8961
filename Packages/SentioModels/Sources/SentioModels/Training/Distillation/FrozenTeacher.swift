import SentioNN
import SentioTensor

/// A trained network that is asked and never changed.
///
/// Every song is asked for alone, so that what is said of it does not depend on who else is in the batch: a kept answer
/// has the same bits as a new one.
public struct FrozenTeacher: Sendable {
  /// What answers depend on in words: a checksum of the weights, the blocks that are looked at, the grids.
  public let fingerprint: String
  /// The features of the teacher's tokens.
  public let tokenFeatures: Int
  private let ask: @Sendable (Tensor) -> TeacherTargets

  /// Prepares a teacher for a student.
  ///
  /// - Parameters:
  ///   - teacher: the teacher, in inference.
  ///   - student: the network that learns; only its sizes matter.
  ///   - settings: what is learned.
  ///   - precision: the precision of the teacher's products.
  public init(
    _ teacher: some AttentiveNetwork, for student: some AttentiveNetwork,
    settings: DistillationSettings, precision: ComputePrecision = .float32
  ) {
    let (needsTokens, needsAttention) = (
      settings.weights.features > 0, settings.weights.attention > 0
    )
    precondition(
      !settings.weights.needsBlocks || teacher.leadingTokens == student.leadingTokens,
      "a student with \(student.leadingTokens) leading tokens cannot learn the blocks of a teacher "
        + "with \(teacher.leadingTokens)")
    let map =
      settings.weights.needsBlocks
      ? BlockMap.blocks(student: student.blockCount, teacher: teacher.blockCount) : []
    let grid = TokenGrid(
      from: teacher.patchGrid(of: teacher.inputSize), to: student.patchGrid(of: student.inputSize),
      leading: teacher.leadingTokens)
    let normalizes = settings.scaling == .balanced
    tokenFeatures = teacher.tokenFeatures
    var checksum = DataChecksum()
    for (path, tensor) in teacher.stateDictionary.sorted(by: { $0.key < $1.key }) {
      checksum.combine(path)
      checksum.combine(tensor)
    }
    let (source, target) = (grid.source, grid.target)
    fingerprint =
      "teacher \(checksum) in \(precision.rawValue), blocks \(map), "
      + "tokens \(needsTokens ? normalizes ? "normalized" : "as they are" : "not"), "
      + "attention \(needsAttention ? "too" : "not"), grid \(source.height)x\(source.width) to "
      + "\(target.height)x\(target.width)"
    ask = { input in
      Compute.with(precision: precision) {
        var tokens: [Int: Tensor] = [:]
        var attention: [Int: Tensor] = [:]
        let wanted = Set(map)
        let outputs = teacher.forward(input, attention: needsAttention) { block in
          guard wanted.contains(block.index) else { return }
          if needsTokens {
            let resampled = grid.resampled(tokens: block.tokens)
            tokens[block.index] = normalizes ? resampled.layerNormalized() : resampled
          }
          if needsAttention, let weights = block.attention {
            attention[block.index] = grid.resampled(attention: weights.mean(axes: 1))
          }
        }
        return TeacherTargets(
          outputs: outputs, tokens: map.compactMap { tokens[$0] },
          attention: map.compactMap { attention[$0] })
      }
    }
  }

  /// What the teacher says of one song.
  ///
  /// - Parameter input: `[1, C, H, W]`, of the teacher's size.
  /// - Returns: the targets of that song.
  public func targets(for input: Tensor) -> TeacherTargets { ask(input) }
}

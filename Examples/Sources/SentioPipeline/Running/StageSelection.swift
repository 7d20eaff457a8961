/// Which stages of a pipeline a run works on.
public struct StageSelection: Sendable, Hashable {
  /// Runs this stage alone, whether it is up to date or not.
  public var only: String?
  /// Runs this stage, whether it is up to date or not, and then those that come after it where they need to.
  public var from: String?
  /// Runs nothing that comes after this stage.
  public var until: String?

  /// Everything, as far as it needs to run.
  public static let all = StageSelection()

  /// Chooses stages.
  ///
  /// - Parameters:
  ///   - only: runs this stage alone, whether it is up to date or not.
  ///   - from: runs this stage, whether it is up to date or not, and those after it.
  ///   - until: runs nothing that comes after this stage.
  public init(only: String? = nil, from: String? = nil, until: String? = nil) {
    self.only = only
    self.from = from
    self.until = until
  }

  /// The chosen stages' positions, and which of them runs in any case.
  func resolved(among names: [String]) throws -> (range: Range<Int>, forced: Int?) {
    func place(_ name: String?) throws -> Int? {
      guard let name else { return nil }
      guard let place = names.firstIndex(of: name) else {
        throw PipelineError.unknownStage(name, known: names)
      }
      return place
    }
    let last = try place(until)
    if let only = try place(only) { return (only..<only + 1, only) }
    let first = try place(from)
    let end = (last ?? names.count - 1) + 1
    return (min(first ?? 0, end)..<end, first)
  }
}

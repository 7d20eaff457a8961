import SentioTensor
import Synchronization

/// One step of training, as the layers see it: its random numbers, and the buffers that it leaves.
///
/// ```swift
/// let pass = TrainingPass(seed: 7, step: step)
/// let (loss, gradients) = pass.run(on: &model) { model in
///   valueAndGradient(of: model) { meanSquaredError($0(x), y) }
/// }
/// ```
///
/// Inside the closure the model is in training; afterwards it has the running statistics that its layers
/// collected, and is in inference as before. Other models that the closure uses are in inference, unless a pass of
/// theirs lent them. A step of several batches runs one pass several times: each run goes on with the random
/// numbers where the one before stopped.
///
/// What a layer draws is a function of the seed, the layer's path and the step's number alone. So there is nothing to
/// save but the number: a run that goes on from step 1,200 draws what an uninterrupted one would.
public final class TrainingPass: Sendable {
  /// The seed of the whole run.
  public let seed: UInt64
  /// The number of the step.
  public let step: Int

  private struct State {
    var streams: [String: RandomStream] = [:]
    var buffers: [String: Tensor] = [:]
  }

  private let state = Mutex(State())

  /// Creates a pass.
  ///
  /// - Parameters:
  ///   - seed: the seed of the whole run.
  ///   - step: the number of the step, from 0, below 2³².
  public init(seed: UInt64, step: Int) {
    precondition(
      step >= 0 && step < 1 << 32, "a step's number is from 0 and below 2^32, not \(step)")
    (self.seed, self.step) = (seed, step)
  }

  /// Runs a closure with a model in training, and writes the buffers that it leaves into the model.
  ///
  /// - Parameters:
  ///   - model: the model.
  ///   - body: computes with the copy that it is lent, which must not outlive the pass.
  /// - Returns: what `body` returned.
  /// - Throws: what `body` throws; the model is then as it was.
  public func run<M: Module, R>(on model: inout M, _ body: (M) throws -> R) rethrows -> R {
    var lent = model
    lent.forEachSite { path, site in
      site.path = path
      site.pass = self
    }
    let result = try body(lent)
    let buffers = state.withLock { state in
      let buffers = state.buffers
      state.buffers = [:]
      return buffers
    }
    if !buffers.isEmpty {
      var visitor = MemberVisitor(namesPaths: true)
      visitor.onBuffer = { path, value, _ in if let new = buffers[path] { value = new } }
      visitor.enter(&model)
    }
    return result
  }

  /// Draws random numbers for a layer.
  ///
  /// - Parameters:
  ///   - site: the layer's.
  ///   - purpose: what they are for, where a layer draws for several.
  ///   - body: draws from the stream; at most 2³² words a step.
  /// - Returns: what `body` returned.
  public func draw<R>(
    for site: Site, _ purpose: String = "", _ body: (inout RandomStream) -> R
  ) -> R {
    let name = site.path(of: purpose)
    var stream =
      state.withLock { $0.streams[name] }
      ?? RandomStream(seed: seed, "layer/\(name)", position: UInt64(step) << 32)
    let result = body(&stream)
    state.withLock { $0.streams[name] = stream }
    return result
  }

  /// The value that an earlier call in this run left for a buffer; nil if none did.
  ///
  /// - Parameters:
  ///   - key: the buffer's key.
  ///   - site: its layer's.
  /// - Returns: the value.
  public func current(_ key: String, of site: Site) -> Tensor? {
    let path = site.path(of: key)
    return state.withLock { $0.buffers[path] }
  }

  /// A pass that draws what this one will draw next, and whose buffers nobody takes.
  func replica() -> TrainingPass {
    let replica = TrainingPass(seed: seed, step: step)
    let state = self.state.withLock { $0 }
    replica.state.withLock { $0 = state }
    return replica
  }

  /// Leaves a value for a buffer of the model.
  ///
  /// - Parameters:
  ///   - key: the buffer's key.
  ///   - site: its layer's.
  ///   - value: the new value; recorded gradients do not follow it.
  public func update(_ key: String, of site: Site, to value: Tensor) {
    let path = site.path(of: key)
    let value = value.detached()
    state.withLock { $0.buffers[path] = value }
  }
}

extension Module {
  /// Calls a closure with the path and the site of every module that stores one.
  mutating func forEachSite(_ body: @escaping (_ path: String, _ site: inout Site) -> Void) {
    var visitor = MemberVisitor(namesPaths: true)
    visitor.onModule = { path, module in body(path, &module.site) }
    visitor.enter(&self)
  }
}

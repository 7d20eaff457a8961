import Dispatch
import Synchronization

/// The results of `body` for 0..<count, in order, computed on every core.
///
/// The bodies must not start threads of their own: two pools at work at once fight for the cores.
/// What is returned does not depend on the number of threads, as long as a body depends on its
/// number only. Where several bodies throw, the error of the lowest number is thrown.
func parallelMap<Output: Sendable, Failure: Error>(
  _ count: Int, _ body: @Sendable (Int) throws(Failure) -> Output
) throws(Failure) -> [Output] {
  let slots = Mutex([Result<Output, Failure>?](repeating: nil, count: count))
  DispatchQueue.concurrentPerform(iterations: count) { index in
    let result = Result { () throws(Failure) in try body(index) }
    slots.withLock { $0[index] = result }
  }
  var outputs: [Output] = []
  outputs.reserveCapacity(count)
  for slot in slots.withLock({ $0 }) { outputs.append(try slot!.get()) }
  return outputs
}

/// A small generator of random numbers with a state of 64 bits: the same seed gives the same
/// numbers on every machine.
///
/// *Reference:* G. Steele, D. Lea, C. Flood, "Fast splittable pseudorandom number generators", 2014.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xbf58_476d_1ce4_e5b9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94d0_49bb_1331_11eb
    return mixed ^ (mixed >> 31)
  }

  /// 0..<count in random order.
  mutating func permutation(_ count: Int) -> [Int] { (0..<count).shuffled(using: &self) }
}

import Synchronization

/// The buffer of a tensor; goes back to the pool with its last owner.
///
/// It may hold *forms* of its elements beside them: the same numbers rounded or packed as a library prefers
/// them. A form is made at its first use, by whichever task needs it first, and dropped when the elements
/// change. So weights are packed once for as long as they stay as they are, through all copies of their
/// tensor, and nobody has to say when to pack them again.
final class TensorStorage: @unchecked Sendable {
  // Written only through `Tensor`, which makes sure that it is the one owner first.
  let pointer: UnsafeMutablePointer<Float>
  let count: Int
  private let sizeClass: Int
  private let hasForms = Atomic<Bool>(false)
  private let forms = Mutex<[FormKey: TensorStorage]>([:])

  init(count: Int) {
    (pointer, sizeClass) = TensorMemory.take(count)
    self.count = count
  }

  /// A buffer for bytes of any meaning, 64-byte aligned.
  convenience init(bytes: Int) {
    self.init(count: (bytes + MemoryLayout<Float>.stride - 1) / MemoryLayout<Float>.stride)
  }

  /// The start of the buffer, for elements of another type.
  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(pointer) }

  /// The bytes that the pool counts for the buffer.
  private var bytes: Int { TensorMemory.byteCount(ofClass: sizeClass) }

  /// A form of the elements, made where it is not there yet.
  ///
  /// - Parameters:
  ///   - key: which form.
  ///   - make: computes it from the elements; nil where that is not possible. Two tasks that need it first at
  ///     the same time may both compute it, and one of the two results is kept.
  /// - Returns: the form, which stays valid for as long as the caller holds it.
  func form(_ key: FormKey, make: () -> TensorStorage?) -> TensorStorage? {
    if hasForms.load(ordering: .acquiring), let form = forms.withLock({ $0[key] }) { return form }
    guard let made = make() else { return nil }
    return forms.withLock { forms in
      if let form = forms[key] { return form }
      forms[key] = made
      hasForms.store(true, ordering: .releasing)
      TensorMemory.countForms(bytes: made.bytes)
      return made
    }
  }

  /// Drops all forms; for the one owner, before it changes the elements.
  func forgetForms() {
    guard hasForms.load(ordering: .relaxed) else { return }
    let forgotten = forms.withLock { forms in
      defer { forms = [:] }
      return forms
    }
    hasForms.store(false, ordering: .relaxed)
    TensorMemory.countForms(bytes: -forgotten.values.reduce(0) { $0 + $1.bytes })
  }

  deinit {
    forgetForms()
    TensorMemory.give(pointer, sizeClass: sizeClass)
  }
}

/// Names a form of a tensor's elements.
enum FormKey: Hashable, Sendable {
  /// Rounded to bfloat16, in the same order.
  case bfloat16
  /// Rounded to 8 bits, in the same order.
  case bytes(ActivationQuantization)
  /// Packed as a primitive wants it, from elements that lie with these extents and strides.
  case packed(form: [Int64], extents: [Int], strides: [Int])
}

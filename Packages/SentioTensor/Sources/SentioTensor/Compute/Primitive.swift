#if OneDNN
  import CSentioOneDNN
  import CSentioTensorKernels
  import Synchronization

  /// An operation that oneDNN prepared for given shapes, types and number of threads.
  ///
  /// Several tasks may run one at the same time.
  final class Primitive: @unchecked Sendable {
    /// What goes into a primitive and comes out of it.
    enum Argument: Int32, Sendable {
      case source = 1
      case destination = 17
      case weights = 33
      case bias = 41
      case gradientOfSource = 129
      case gradientOfDestination = 145
      case gradientOfWeights = 161
      case gradientOfBias = 169
      // What recurrent layers have beside these: their state before and after, and what forward leaves.
      case sourceState = 2
      case sourceCell = 3
      case destinationState = 18
      case destinationCell = 19
      case recurrentWeights = 34
      case workspace = 64
      /// What is added to a result, alone or after an activation.
      case addend = 1001
      case addendAfterActivation = 1002
    }

    /// The shim's handle, for functions of CSentioOneDNN.
    let handle: OpaquePointer
    private let scratchBytes: Int
    private let forms = Mutex<[Argument: [Int64]]>([:])

    /// Takes over a primitive that a `sentio_dnn_…_create` made.
    init(_ handle: OpaquePointer) {
      self.handle = handle
      scratchBytes = sentio_dnn_scratch_bytes(handle)
    }

    deinit { sentio_dnn_destroy(handle) }

    /// oneDNN's name for the code behind it, such as `brg:avx512_core_bf16`.
    var implementation: String { String(cString: sentio_dnn_implementation(handle)) }

    /// The size of an argument in the form in which the primitive wants it.
    func byteCount(of argument: Argument) -> Int {
      sentio_dnn_argument_bytes(handle, argument.rawValue)
    }

    /// Computes, with scratch memory from the pool.
    ///
    /// - Parameter arguments: every argument and where it lies, such as `tensor.storage.raw`.
    func run(_ arguments: KeyValuePairs<Argument, UnsafeMutableRawPointer>) {
      withUnsafeTemporaryAllocation(of: Int32.self, capacity: arguments.count) { names in
        withUnsafeTemporaryAllocation(
          of: UnsafeMutableRawPointer?.self, capacity: arguments.count
        ) { data in
          for (index, argument) in arguments.enumerated() {
            names[index] = argument.key.rawValue
            data[index] = argument.value
          }
          let scratch = scratchBytes > 0 ? TensorStorage(bytes: scratchBytes) : nil
          let status = sentio_dnn_execute(
            handle, names.baseAddress, data.baseAddress, Int32(arguments.count), scratch?.raw)
          withExtendedLifetime(scratch) {}
          guard status == 0 else {
            fatalError("oneDNN's \(implementation) failed, status \(status)")
          }
        }
      }
    }

    /// The form in which the primitive wants an argument, as numbers that are equal for equal forms.
    func form(of argument: Argument) -> [Int64] {
      forms.withLock { forms in
        if let form = forms[argument] { return form }
        let form = [Int64](unsafeUninitializedCapacity: 96) { buffer, count in
          count = Int(
            sentio_dnn_describe_form(handle, argument.rawValue, buffer.baseAddress, 96))
        }
        // A form that no other primitive understands goes by this primitive's address.
        forms[argument] = form.isEmpty ? [Int64(Int(bitPattern: handle))] : form
        return forms[argument]!
      }
    }
  }

  /// The primitives that were made, by what they do; making one costs up to milliseconds.
  ///
  /// A helper of a new operation writes a `Hashable` description, which says all that its
  /// `sentio_dnn_…_create` depends on, and asks for the primitive wherever it runs the operation. The number
  /// of threads, which a primitive depends on too, is added here.
  enum PrimitiveCache {
    private struct Key: Hashable {
      // Descriptions are values of Hashable & Sendable types.
      nonisolated(unsafe) let description: AnyHashable
      let threads: Int
    }

    private struct Entry {
      /// Nil where oneDNN does not have the operation on this chip.
      let primitive: Primitive?
      var lastUse: UInt64
    }

    /// The most entries; the least recently used half goes when it is reached.
    static let capacity = 1024

    private static let entries = Mutex<(uses: UInt64, all: [Key: Entry])>((0, [:]))

    /// The primitive of a description, made where it is not there yet.
    ///
    /// - Parameters:
    ///   - description: says what the primitive does; descriptions of different types are different.
    ///   - create: makes it, as the `sentio_dnn_…_create` functions do: status 0 and a handle.
    /// - Returns: the primitive; nil where oneDNN has none for this chip.
    static func primitive<Description: Hashable & Sendable>(
      _ description: Description, create: (inout OpaquePointer?) -> Int32
    ) -> Primitive? {
      let key = Key(description: description, threads: sentio_parallel_width())
      let known: Entry? = entries.withLock { entries in
        guard let index = entries.all.index(forKey: key) else { return nil }
        entries.uses += 1
        entries.all.values[index].lastUse = entries.uses
        return entries.all.values[index]
      }
      if let known { return known.primitive }
      var handle: OpaquePointer?
      let status = create(&handle)
      let made = status == 0 ? handle.map(Primitive.init) : nil
      let dropped: [Entry] = entries.withLock { entries in
        entries.uses += 1
        var dropped: [Entry] = []
        if entries.all.count >= capacity {
          let median = entries.all.values.map(\.lastUse).sorted()[capacity / 2]
          dropped = entries.all.values.filter { $0.lastUse < median }
          entries.all = entries.all.filter { $0.value.lastUse >= median }
        }
        entries.all[key] = Entry(primitive: made, lastUse: entries.uses)
        return dropped
      }
      withExtendedLifetime(dropped) {}
      return made
    }

    /// The number of primitives and refusals that are kept.
    static var count: Int { entries.withLock { $0.all.count } }
  }
#endif

#if OneDNN
  import CSentioOneDNN

  /// From plain elements to the form in which a primitive wants them.
  private struct Packing: Hashable, Sendable {
    var form: [Int64]
    var extents: [Int]
    var strides: [Int]
    var type: UInt32
  }

  extension Tensor {
    /// The elements in the form in which a primitive wants an argument; kept until they change.
    ///
    /// - Parameters:
    ///   - primitive: the one that will read them.
    ///   - argument: as what.
    ///   - extents: the extents of the argument as the primitive has them.
    ///   - strides: where the elements of the argument lie in this tensor.
    /// - Returns: the packed elements, to be held while they are read; nil where oneDNN cannot pack them.
    func packed(
      for primitive: Primitive, as argument: Primitive.Argument = .weights, extents: [Int],
      strides: [Int]
    ) -> TensorStorage? {
      storage.packed(for: primitive, as: argument, extents: extents, strides: strides)
    }
  }

  extension TensorStorage {
    /// ``Tensor/packed(for:as:extents:strides:)`` for elements of any type.
    func packed(
      for primitive: Primitive, as argument: Primitive.Argument = .weights,
      type: PreparedProduct.Element = .float32, extents: [Int], strides: [Int]
    ) -> TensorStorage? {
      let form = primitive.form(of: argument)
      return self.form(.packed(form: form, extents: extents, strides: strides)) {
        pack(for: primitive, as: argument, type: type, extents: extents, strides: strides)
      }
    }

    /// The elements in the form in which a primitive wants an argument, which nobody keeps.
    func pack(
      for primitive: Primitive, as argument: Primitive.Argument,
      type: PreparedProduct.Element = .float32, extents: [Int], strides: [Int]
    ) -> TensorStorage? {
      let description = Packing(
        form: primitive.form(of: argument), extents: extents, strides: strides, type: type.rawValue)
      let packing = PrimitiveCache.primitive(description) { handle in
        sentio_dnn_pack_create(
          Int32(type.rawValue), Int32(extents.count), extents.map(Int64.init),
          strides.map(Int64.init), primitive.handle, argument.rawValue, &handle)
      }
      guard let packing else { return nil }
      let packed = TensorStorage(bytes: primitive.byteCount(of: argument))
      packing.run([.source: raw, .destination: packed.raw])
      return packed
    }
  }

  /// From the form in which a primitive leaves a result to plain elements in single precision.
  private struct Unpacking: Hashable, Sendable {
    var form: [Int64]
    var extents: [Int]
  }

  extension Primitive {
    /// Whether an argument is in row-major order and in single precision, and so needs no packing.
    func takesPlain(_ argument: Argument, extents: [Int]) -> Bool {
      sentio_dnn_is_plain(
        handle, argument.rawValue, Int32(SENTIO_DNN_F32.rawValue), Int32(extents.count),
        extents.map(Int64.init), Shape(extents).strides.map(Int64.init)) != 0
    }

    /// Has a result computed, and brings it into row-major order.
    ///
    /// - Parameters:
    ///   - argument: which result.
    ///   - extents: its extents as the primitive has them.
    ///   - target: where it goes.
    ///   - compute: runs the primitive, whose result goes to the address that it is given.
    func unpacking(
      _ argument: Argument, extents: [Int], to target: UnsafeMutablePointer<Float>,
      _ compute: (UnsafeMutableRawPointer) -> Void
    ) {
      guard !takesPlain(argument, extents: extents) else { return compute(target) }
      let made = TensorStorage(bytes: byteCount(of: argument))
      compute(made.raw)
      let description = Unpacking(form: form(of: argument), extents: extents)
      let unpacking = PrimitiveCache.primitive(description) { handle in
        sentio_dnn_unpack_create(
          self.handle, argument.rawValue, Int32(SENTIO_DNN_F32.rawValue), Int32(extents.count),
          extents.map(Int64.init), Shape(extents).strides.map(Int64.init), &handle)
      }
      guard let unpacking else { fatalError("oneDNN cannot unpack what \(implementation) made") }
      unpacking.run([.source: made.raw, .destination: UnsafeMutableRawPointer(target)])
    }
  }
#endif

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
        let description = Packing(
          form: form, extents: extents, strides: strides, type: type.rawValue)
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
  }
#endif

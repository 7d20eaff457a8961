#if OneDNN
  import CSentioOneDNN

  /// A product that oneDNN prepares for its sizes: `activation(op(A)·op(B) + bias) + addend`.
  ///
  /// A batch of 1 is one matrix that meets all of the other side's. The bias and the addend are in single precision.
  struct PreparedProduct: Hashable, Sendable {
    /// The type of the factors or of the result.
    enum Element: UInt32, Sendable {
      case bfloat16 = 2
      case float32 = 3
      case int32 = 4
      case int8 = 5
      case uint8 = 6
    }

    var batchA = 1
    var batchB = 1
    var m: Int
    var n: Int
    var k: Int
    var transposeA = false
    var transposeB = false
    /// The type of A, and of B; B is in signed integers where A is in unsigned ones.
    var factors = Element.float32
    var result = Element.float32
    /// Whether B is packed, which its form then says.
    var packsB = false
    var hasBias = false
    var activation = SENTIO_DNN_IDENTITY.rawValue
    var hasAddend = false
    /// Elements from row to row of A as it is stored, and of C, where there is more between them than a row.
    var stepA = 0
    var stepC = 0

    /// The primitive; nil where oneDNN has none for this chip.
    var primitive: Primitive? {
      PrimitiveCache.primitive(self) { handle in
        var product = sentio_dnn_product(
          batch_a: Int64(batchA), batch_b: Int64(batchB), m: Int64(m), n: Int64(n), k: Int64(k),
          transpose_a: transposeA ? 1 : 0, transpose_b: transposeB ? 1 : 0,
          type_a: Int32(factors.rawValue),
          type_b: Int32((factors == .uint8 ? Element.int8 : factors).rawValue),
          type_c: Int32(result.rawValue), packs_b: packsB ? 1 : 0, has_bias: hasBias ? 1 : 0,
          activation: Int32(activation), has_addend: hasAddend ? 1 : 0,
          step_a: Int64(stepA), step_c: Int64(stepC))
        return sentio_dnn_product_create(&product, &handle)
      }
    }

    /// Weights packed for the primitive's B, where they lie as `transposeB` says; `keeps` leaves them with their
    /// tensor for the next product.
    func pack(_ weights: Tensor, for primitive: Primitive, keeps: Bool = true) -> TensorStorage? {
      let (extents, strides) = ([k, n], transposeB ? [1, k] : [n, 1])
      guard keeps else {
        return weights.storage.pack(
          for: primitive, as: .weights, extents: extents, strides: strides)
      }
      return weights.packed(for: primitive, extents: extents, strides: strides)
    }

    /// Computes, with the primitive of this product.
    func run(
      _ primitive: Primitive, _ a: TensorStorage, _ b: TensorStorage, into c: TensorStorage,
      bias: Tensor? = nil, addend: Tensor? = nil
    ) {
      run(primitive, a.raw, b.raw, into: c.raw, bias: bias, addend: addend)
      withExtendedLifetime((a, b, c)) {}
    }

    /// The same with factors and a result that begin somewhere in their memory.
    func run(
      _ primitive: Primitive, _ a: UnsafeMutableRawPointer, _ b: UnsafeMutableRawPointer,
      into c: UnsafeMutableRawPointer, bias: Tensor? = nil, addend: Tensor? = nil
    ) {
      let after: Primitive.Argument =
        activation == SENTIO_DNN_IDENTITY.rawValue ? .addend : .addendAfterActivation
      switch (bias?.storage, addend?.storage) {
      case (nil, nil): primitive.run([.source: a, .weights: b, .destination: c])
      case (let bias?, nil):
        primitive.run([.source: a, .weights: b, .destination: c, .bias: bias.raw])
      case (nil, let addend?):
        primitive.run([.source: a, .weights: b, .destination: c, after: addend.raw])
      case (let bias?, let addend?):
        primitive.run([
          .source: a, .weights: b, .destination: c, .bias: bias.raw, after: addend.raw,
        ])
      }
    }
  }
#endif

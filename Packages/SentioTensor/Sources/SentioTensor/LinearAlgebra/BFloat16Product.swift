#if OneDNN
  import CSentioOneDNN
  import SentioBLAS

  /// The right-hand factor of a product in bfloat16.
  enum BFloat16Factor: Sendable {
    /// One whose elements are rounded and stay in their order: it changes with every step, or is used in
    /// several orders.
    case rounded(BFloat16Tensor)
    /// Weights that stay as they are: packed at the first use, and kept packed.
    case constant(Tensor)

    /// Weights as a product reads them best: those that are being trained change before packing has paid.
    init(weights: Tensor) {
      self =
        weights.isConstant
        ? .constant(weights.detached()) : .rounded(BFloat16Tensor(weights))
    }
  }

  /// Products of factors in bfloat16, summed in single precision.
  extension BFloat16Tensor {
    /// Where the sums of a product go.
    enum Destination {
      case float32(Tensor)
      case bfloat16(BFloat16Tensor)
    }

    /// `activation(op(self) · op(B) + bias) + addend` on row-major matrices.
    ///
    /// - Parameters:
    ///   - factor: B, K × N, or N × K where transposed.
    ///   - destination: M × N.
    ///   - m: rows of the result.
    ///   - n: columns of the result.
    ///   - k: the length of the sums.
    ///   - transposeA: whether this is stored transposed.
    ///   - transposeB: whether B is.
    ///   - bias: `[N]`, or nil.
    ///   - activation: what is applied to the sums.
    ///   - addend: M × N, or nil.
    func multiply(
      _ factor: BFloat16Factor, into destination: Destination, m: Int, n: Int, k: Int,
      transposeA: Bool = false, transposeB: Bool = false, bias: Tensor? = nil,
      activation: sentio_dnn_activation = SENTIO_DNN_IDENTITY, addend: Tensor? = nil
    ) {
      var product = PreparedProduct(
        m: m, n: n, k: k, transposeA: transposeA, transposeB: transposeB, factors: .bfloat16,
        hasBias: bias != nil, activation: activation.rawValue, hasAddend: addend != nil)
      let result: TensorStorage
      switch destination {
      case .float32(let tensor): result = tensor.storage
      case .bfloat16(let tensor):
        result = tensor.storage
        product.result = .bfloat16
      }
      switch factor {
      case .rounded(let b):
        product.run(
          Self.required(product), storage, b.storage, into: result, bias: bias, addend: addend)
      case .constant(let weights):
        product.packsB = true
        let primitive = Self.required(product)
        guard let packed = product.pack(weights, for: primitive) else {
          fatalError("oneDNN cannot pack weights of shape \(weights.shape)")
        }
        product.run(primitive, storage, packed, into: result, bias: bias, addend: addend)
      }
    }

    /// Products over the last two axes; the axes before them broadcast.
    func matmul(_ factor: BFloat16Factor, _ layout: ProductLayout) -> Tensor {
      let result = Tensor(uninitialized: layout.shape)
      let (m, n, k) = (layout.m, layout.n, layout.k)
      if layout.isOneProduct {
        multiply(
          factor, into: .float32(result), m: layout.batch.elementCount * m, n: n, k: k,
          transposeB: layout.transposeB)
        return result
      }
      let other: BFloat16Tensor
      switch factor {
      case .rounded(let tensor): other = tensor
      case .constant(let tensor): other = BFloat16Tensor(tensor)
      }
      var product = PreparedProduct(
        m: m, n: n, k: k, transposeA: layout.transposeA, transposeB: layout.transposeB,
        factors: .bfloat16)
      let counts = (layout.batchA.elementCount, layout.batchB.elementCount)
      let all = layout.batch.elementCount
      if [1, all].contains(counts.0) && [1, all].contains(counts.1) {
        (product.batchA, product.batchB) = counts
        product.run(
          Self.required(product), storage, other.storage, into: result.storage)
        return result
      }
      // The axes broadcast in a way that one call does not know: matrix by matrix.
      let primitive = Self.required(product)
      for (index, place) in layout.places.enumerated() {
        primitive.run([
          .source: UnsafeMutableRawPointer(pointer + place.a),
          .weights: UnsafeMutableRawPointer(other.pointer + place.b),
          .destination: UnsafeMutableRawPointer(result.storage.pointer + index * m * n),
        ])
      }
      return result
    }

    /// A product that is known to exist where the chip multiplies bfloat16 numbers.
    static func required(_ product: PreparedProduct) -> Primitive {
      guard let primitive = product.primitive else {
        fatalError("oneDNN has no \(product.m) × \(product.n) × \(product.k) product in bfloat16")
      }
      return primitive
    }
  }

  extension Tensor {
    /// ``matmul(_:transposeA:transposeB:file:line:)`` with factors rounded to bfloat16, and so its gradients.
    func bfloat16Product(_ other: Tensor, _ layout: ProductLayout) -> Tensor {
      let a = BFloat16Tensor(self)
      let b: BFloat16Factor =
        layout.isOneProduct && layout.batch.elementCount * layout.m > 0
        ? BFloat16Factor(weights: other) : .rounded(BFloat16Tensor(other))
      let result = a.matmul(b, layout)
      let shapes = (shape, other.shape)
      let (transposeA, transposeB) = (layout.transposeA, layout.transposeB)
      return result.derived(
        from: self,
        { gradient in
          let g = BFloat16Tensor(gradient)
          let product =
            transposeA
            ? b.rounded.product(.rounded(g), transposeA: transposeB, transposeB: true)
            : g.product(b, shapes.1, transposeB: !transposeB)
          return product.reduced(to: shapes.0)
        }, other,
        { gradient in
          var (left, right) = (a, BFloat16Tensor(gradient))
          if layout.isOneProduct {
            // All rows met the one matrix, and their shares add up inside of one product.
            left = left.reshaped([left.count / layout.k, layout.k])
            right = right.reshaped([right.count / layout.n, layout.n])
          }
          let product =
            transposeB
            ? right.product(.rounded(left), transposeA: true, transposeB: transposeA)
            : left.product(.rounded(right), transposeA: !transposeA)
          return product.reshaped(product.count == shapes.1.elementCount ? shapes.1 : product.shape)
            .reduced(to: shapes.1)
        })
    }
  }

  extension BFloat16Factor {
    /// The elements in their order.
    fileprivate var rounded: BFloat16Tensor {
      switch self {
      case .rounded(let tensor): tensor
      case .constant(let tensor): BFloat16Tensor(tensor)
      }
    }
  }

  extension BFloat16Tensor {
    /// ``matmul(_:_:)`` of shapes that are known to fit.
    fileprivate func product(
      _ factor: BFloat16Factor, _ shapeB: Shape? = nil, transposeA: Bool = false,
      transposeB: Bool = false
    ) -> Tensor {
      let shapeB = shapeB ?? factor.rounded.shape
      guard
        let layout = ProductLayout(
          shape, shapeB, transposeA: transposeA, transposeB: transposeB)
      else { fatalError("a gradient of shape \(shape) does not fit \(shapeB)") }
      return layout.isEmpty ? .zeros(layout.shape) : matmul(factor, layout)
    }
  }
#endif

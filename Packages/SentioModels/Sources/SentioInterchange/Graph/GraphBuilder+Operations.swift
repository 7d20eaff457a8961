import SentioNN
import SentioTensor

extension GraphBuilder {
  /// Weighted sums of the last axis, with an activation.
  ///
  /// - Parameters:
  ///   - x: `[…, I]`.
  ///   - weight: `[O, I]`.
  ///   - bias: `[O]`; none if nil.
  ///   - activation: what is applied to the sums.
  /// - Returns: `[…, O]`.
  /// - Throws: ``InterchangeError`` where weight and input do not fit.
  public mutating func linear(
    _ x: GraphValue, _ weight: GraphConstant, bias: GraphConstant?,
    activation: Activation = .identity
  ) throws -> GraphValue {
    guard x.shape.rank >= 2, x.shape.extents.last == weight.shape[1] else {
      throw unsupported("a weight of shape \(weight.shape) does not fit \(x.shape)")
    }
    var shape = x.shape
    shape.extents[shape.extents.count - 1] = weight.shape[0]
    let y = add(.linear(weight: weight.name, bias: bias?.name), [x], shape)
    return function(.fused(activation), y)
  }

  /// What an 8-bit layer reads: every number as the nearest that 8 bits can hold.
  mutating func rounded(_ x: GraphValue, _ rounding: ActivationQuantization) -> GraphValue {
    add(.rounded(rounding), [x], x.shape)
  }

  /// Has formats that can hold a weight's integers do so.
  mutating func keepIntegers(of weight: GraphConstant, _ layer: QuantizedLinear) {
    graph.integers[weight.name] = GraphIntegers(
      values: layer.weightIntegers, scales: layer.weightScales)
  }

  /// A function of every element or row; nothing for the identity.
  ///
  /// - Parameters:
  ///   - function: what is applied.
  ///   - x: the input.
  /// - Returns: the function's values.
  public mutating func function(
    _ function: ActivationLayer.Function, _ x: GraphValue
  ) -> GraphValue {
    function == .fused(.identity) ? x : add(.function(function), [x], x.shape)
  }

  /// The last axis of every example normalized, then scaled and shifted.
  ///
  /// - Parameters:
  ///   - x: `[…, D]`.
  ///   - gain: `[D]`; none if nil.
  ///   - offset: `[D]`; none if nil.
  ///   - epsilon: what keeps the divisor from 0.
  /// - Returns: `[…, D]`.
  public mutating func layerNorm(
    _ x: GraphValue, gain: GraphConstant?, offset: GraphConstant?, epsilon: Float
  ) -> GraphValue {
    add(.layerNorm(gain: gain?.name, offset: offset?.name, epsilon: epsilon), [x], x.shape)
  }

  /// Attention in heads, without projections.
  ///
  /// - Parameters:
  ///   - query: `[N, L, D]`.
  ///   - key: `[N, S, D]`.
  ///   - value: `[N, S, D]`.
  ///   - heads: how many heads there are.
  /// - Returns: `[N, L, D]`.
  public mutating func attention(
    _ query: GraphValue, _ key: GraphValue, _ value: GraphValue, heads: Int
  ) -> GraphValue {
    add(.attention(heads: heads), [query, key, value], query.shape)
  }

  /// Rows of a table by their numbers.
  ///
  /// - Parameters:
  ///   - x: `[N, L]`, whole numbers from 0 and below V.
  ///   - table: `[V, E]`.
  /// - Returns: `[N, L, E]`.
  public mutating func rows(_ x: GraphValue, of table: GraphConstant) -> GraphValue {
    add(
      .rows(table.name), [x],
      GraphShape(x.shape.extents + [table.shape[1]], multiple: x.shape.multiple))
  }

  /// Axes in another order; the first stays.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - axes: the axes of the input, in the order of the output.
  /// - Returns: the same elements.
  public mutating func permute(_ x: GraphValue, _ axes: [Int]) -> GraphValue {
    precondition(axes.first == 0 && axes.count == x.shape.rank, "axes \(axes) of \(x.shape)")
    let extents = axes.dropFirst().map { x.shape[$0] }
    return add(.permute(axes), [x], GraphShape(extents, multiple: x.shape.multiple))
  }

  /// The same elements in other extents.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - extents: the extents behind the first axis, which takes what is left.
  /// - Returns: the same elements.
  public mutating func reshape(_ x: GraphValue, _ extents: [Int]) -> GraphValue {
    let elements = x.shape.multiple * x.shape.extents.reduce(1, *)
    let product = extents.reduce(1, *)
    precondition(
      product > 0 && elements % product == 0, "\(x.shape) cannot be reshaped to \(extents)")
    let shape = GraphShape(extents, multiple: elements / product)
    return shape == x.shape ? x : add(.reshape(shape), [x], shape)
  }

  /// Values one after the other.
  ///
  /// - Parameters:
  ///   - values: the values; other extents than the axis' must be the same.
  ///   - axis: the axis, from 1.
  /// - Returns: all of them.
  public mutating func concatenate(_ values: [GraphValue], axis: Int) -> GraphValue {
    guard values.count > 1 else { return values[0] }
    var shape = values[0].shape
    shape[axis] = values.reduce(0) { $0 + $1.shape[axis] }
    return add(.concatenate(axis: axis), values, shape)
  }

  /// Tokens before those of every example.
  ///
  /// - Parameters:
  ///   - tokens: `[1, T, D]`.
  ///   - x: `[N, L, D]`.
  /// - Returns: `[N, T + L, D]`.
  public mutating func prepend(_ tokens: GraphConstant, to x: GraphValue) -> GraphValue {
    var shape = x.shape
    shape[1] += tokens.shape[1]
    return add(.prepend(tokens.name), [x], shape)
  }

  /// One place of an axis, which vanishes.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - index: the place.
  ///   - axis: the axis, from 1.
  /// - Returns: the rest of the axes.
  public mutating func select(_ x: GraphValue, _ index: Int, axis: Int) -> GraphValue {
    var shape = x.shape
    shape.extents.remove(at: axis - 1)
    return add(.select(index: index, axis: axis), [x], shape)
  }

  /// A range of places of an axis.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - range: the places.
  ///   - axis: the axis, from 1.
  /// - Returns: the part.
  public mutating func slice(_ x: GraphValue, _ range: Range<Int>, axis: Int) -> GraphValue {
    guard range != 0..<x.shape[axis] else { return x }
    var shape = x.shape
    shape[axis] = range.count
    return add(.slice(range, axis: axis), [x], shape)
  }

  /// The mean along axes, which vanish.
  ///
  /// - Parameters:
  ///   - x: the input.
  ///   - axes: from 1, in rising order.
  /// - Returns: the rest of the axes.
  public mutating func mean(_ x: GraphValue, axes: [Int]) -> GraphValue {
    var shape = x.shape
    for axis in axes.sorted(by: >) { shape.extents.remove(at: axis - 1) }
    return add(.mean(axes: axes), [x], shape)
  }

  /// The sum of two values of one shape.
  ///
  /// - Parameters:
  ///   - a: a value.
  ///   - b: another.
  /// - Returns: the sum.
  public mutating func add(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
    precondition(a.shape == b.shape, "values of \(a.shape) and \(b.shape) cannot be added")
    return add(.add, [a, b], a.shape)
  }

  /// The product of two values, the second of which may have extents of 1.
  ///
  /// - Parameters:
  ///   - a: a value.
  ///   - b: another.
  /// - Returns: the product, of the first one's shape.
  public mutating func multiply(_ a: GraphValue, _ b: GraphValue) -> GraphValue {
    add(.multiply, [a, b], a.shape)
  }

  /// The sum with a constant that is broadcast.
  ///
  /// - Parameters:
  ///   - x: a value.
  ///   - constant: its extents, counted from the last, are the value's or 1.
  /// - Returns: the sum.
  public mutating func add(_ x: GraphValue, _ constant: GraphConstant) -> GraphValue {
    add(.addConstant(constant.name), [x], x.shape)
  }

  /// The product with a constant that is broadcast.
  ///
  /// - Parameters:
  ///   - x: a value.
  ///   - constant: its extents, counted from the last, are the value's or 1.
  /// - Returns: the product.
  public mutating func multiply(_ x: GraphValue, _ constant: GraphConstant) -> GraphValue {
    add(.multiplyConstant(constant.name), [x], x.shape)
  }

  /// `x · factor + summand`.
  ///
  /// - Parameters:
  ///   - x: a value.
  ///   - factor: what it is multiplied by.
  ///   - summand: what is added.
  /// - Returns: the result.
  public mutating func affine(
    _ x: GraphValue, factor: Float = 1, summand: Float = 0
  ) -> GraphValue {
    factor == 1 && summand == 0
      ? x : add(.affine(factor: factor, summand: summand), [x], x.shape)
  }

  /// Signals or images in another size, with the outer edges in place.
  ///
  /// - Parameters:
  ///   - x: `[N, C, L]` or `[N, C, H, W]`.
  ///   - size: the extents behind the channels.
  ///   - interpolation: what stands between elements.
  /// - Returns: the resized value.
  public mutating func resize(
    _ x: GraphValue, to size: [Int], _ interpolation: Interpolation = .linear
  ) -> GraphValue {
    guard Array(x.shape.extents.dropFirst()) != size else { return x }
    let shape = GraphShape([x.shape[1]] + size, multiple: x.shape.multiple)
    return add(.resize(size, interpolation), [x], shape)
  }

  /// The mean, or the largest, of all places of each channel.
  ///
  /// - Parameters:
  ///   - x: `[N, C, …]`.
  ///   - isMaximum: whether the largest is wanted.
  /// - Returns: `[N, C]`.
  public mutating func globalPool(_ x: GraphValue, isMaximum: Bool) -> GraphValue {
    let shape = GraphShape([x.shape[1]], multiple: x.shape.multiple)
    return add(.globalPool(isMaximum: isMaximum), [x], shape)
  }
}

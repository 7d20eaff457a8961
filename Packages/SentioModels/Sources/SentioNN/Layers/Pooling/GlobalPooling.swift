import SentioTensor

/// The mean, or the largest, of all places of each channel: `[N, C, …]` to `[N, C]`.
///
/// *Reference:* `keras.layers.GlobalAveragePooling1D` and `GlobalMaxPooling2D`, 3.x, with channels second.
public struct GlobalPool: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// What is taken of all places.
  public let kind: PoolingKind

  /// Creates a pooling.
  ///
  /// - Parameter kind: what is taken of all places.
  public init(_ kind: PoolingKind = .average()) { self.kind = kind }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// A number for each channel.
  public func forward(_ x: Tensor) -> Tensor {
    kind == .maximum ? x.globalMaxPooled() : x.globalAveragePooled()
  }

  /// One for each element of the input.
  public func operationCount(input: Shape, output: Shape) -> Int { input.elementCount }
}

/// The mean, or the largest, of each of a given number of cells, whatever the extent of the input.
///
/// `[N, C, H, W]` becomes `[N, C, height, width]`, or `[N, C, L]` becomes `[N, C, width]`. Cells may share
/// elements.
///
/// *Reference:* `torch.nn.AdaptiveAvgPool2d` and `AdaptiveMaxPool1d`, 2.x.
public struct AdaptivePool: Layer {
  /// Where the layer stands.
  public var site = Site()
  /// What is taken of a cell.
  public let kind: PoolingKind
  /// The cells; for signals only the width counts.
  public let cells: HeightWidth

  /// Creates a pooling.
  ///
  /// - Parameters:
  ///   - kind: what is taken of a cell.
  ///   - cells: how many rows and columns of cells; for signals only the width counts.
  public init(_ kind: PoolingKind = .average(), cells: HeightWidth) {
    self.kind = kind
    self.cells = cells
  }

  /// Hands over nothing.
  public mutating func visitMembers(_ visit: inout MemberVisitor) {}

  /// A number for each channel and cell.
  public func forward(_ x: Tensor) -> Tensor {
    switch (kind, x.rank) {
    case (.maximum, 3): x.adaptiveMaxPooled1D(to: cells.width)
    case (.maximum, _): x.adaptiveMaxPooled2D(to: cells)
    case (.average, 3): x.adaptiveAveragePooled1D(to: cells.width)
    case (.average, _): x.adaptiveAveragePooled2D(to: cells)
    }
  }

  /// One for each element of the input.
  public func operationCount(input: Shape, output: Shape) -> Int { input.elementCount }
}

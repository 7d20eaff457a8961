/// Records of one shape that a loader can put into batches.
public protocol BatchSource: Sendable {
  /// One id a record.
  var ids: [String] { get }
  /// Extents of one record, outermost first.
  var extents: [Int] { get }
  /// Real steps of each record, one a record; nil where every value is real.
  var realSteps: [Int]? { get }
  /// Copies a record's values, row-major.
  ///
  /// - Parameters:
  ///   - index: position in ``ids``.
  ///   - destination: room for the product of ``extents``.
  func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>)
}

extension FeatureRecords: BatchSource {
  /// Extents of one record, outermost first.
  public var extents: [Int] { settings.shape.extents }

  /// Real frames of sequences; nil for other shapes.
  public var realSteps: [Int]? {
    if case .sequence = settings.shape { return lengths }
    return nil
  }

  /// Copies a record's values from the mapped file.
  public func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
    withRecord(index) { _ = destination.update(fromContentsOf: $0) }
  }
}

extension FeatureTable: BatchSource {
  /// One row: `[D]`.
  public var extents: [Int] { [columnCount] }

  /// Every value of a table is real.
  public var realSteps: [Int]? { nil }

  /// Copies a row.
  public func copyRecord(_ index: Int, to destination: UnsafeMutableBufferPointer<Float>) {
    _ = destination.update(fromContentsOf: row(index))
  }
}

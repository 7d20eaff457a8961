import Foundation
import SentioTensor

/// The settings that a search may choose, each with its range: a box that is looked at as a unit cube.
public struct SearchSpace: Sendable, Hashable {
  /// One setting.
  public struct Dimension: Sendable, Hashable {
    /// Which values it may have.
    public enum Scale: Sendable, Hashable {
      /// These, in this order.
      case list([Double])
      /// All in a range, each as likely.
      case linear(ClosedRange<Double>)
      /// All in a range above 0, each order of magnitude as likely: for learning rates.
      case logarithmic(ClosedRange<Double>)
    }

    /// The setting's name.
    public let name: String
    /// Which values it may have.
    public let scale: Scale

    /// Names a setting.
    ///
    /// - Parameters:
    ///   - name: the setting's name.
    ///   - scale: which values it may have.
    public init(_ name: String, _ scale: Scale) {
      switch scale {
      case .list(let values): precondition(!values.isEmpty, "\(name) has no values")
      case .linear: break
      case .logarithmic(let range):
        precondition(range.lowerBound > 0, "\(name): logarithms of \(range)")
      }
      self.name = name
      self.scale = scale
    }

    /// The value at a place from 0 to 1.
    func value(at place: Double) -> Double {
      switch scale {
      case .list(let values): values[min(Int(place * Double(values.count)), values.count - 1)]
      case .linear(let range):
        range.lowerBound + place * (range.upperBound - range.lowerBound)
      case .logarithmic(let range):
        range.lowerBound * pow(range.upperBound / range.lowerBound, place)
      }
    }

    /// The place that stands for all places of one value: the middle of a list's cell.
    func snapped(_ place: Double) -> Double {
      guard case .list(let values) = scale else { return place }
      let cell = min(Int(place * Double(values.count)), values.count - 1)
      return (Double(cell) + 0.5) / Double(values.count)
    }
  }

  /// The settings.
  public let dimensions: [Dimension]

  /// Creates a space.
  ///
  /// - Parameter dimensions: the settings, of different names.
  public init(_ dimensions: [Dimension]) {
    precondition(
      Set(dimensions.map(\.name)).count == dimensions.count, "two settings have one name")
    self.dimensions = dimensions
  }

  /// The settings at a point of the unit cube.
  ///
  /// - Parameter point: a place from 0 to 1 for each setting.
  /// - Returns: the values by name.
  public func settings(at point: [Double]) -> [String: Double] {
    Dictionary(
      uniqueKeysWithValues: zip(dimensions, point).map { ($0.name, $0.value(at: $1)) })
  }

  /// The points of a grid: every value of a list, and `steps` places of a range, its ends among them.
  ///
  /// - Parameter steps: the places of a range, 2 at least.
  /// - Returns: the points, the first setting changing slowest.
  public func grid(steps: Int) -> [[Double]] {
    precondition(steps >= 2, "a grid of \(steps) steps")
    return dimensions.reduce([[]]) { points, dimension in
      let places: [Double]
      if case .list(let values) = dimension.scale {
        places = values.indices.map { (Double($0) + 0.5) / Double(values.count) }
      } else {
        places = (0..<steps).map { Double($0) / Double(steps - 1) }
      }
      return points.flatMap { point in places.map { point + [$0] } }
    }
  }

  /// A point of the cube, lists' places in the middle of their cells.
  func randomPoint(from stream: inout RandomStream) -> [Double] {
    dimensions.map { $0.snapped(stream.unitInterval()) }
  }

  /// A point near another one.
  func neighbour(
    of point: [Double], within distance: Double, from stream: inout RandomStream
  ) -> [Double] {
    zip(dimensions, point).map { dimension, place in
      let moved = place + distance * (2 * stream.unitInterval() - 1)
      return dimension.snapped(min(max(moved, 0), 1))
    }
  }
}

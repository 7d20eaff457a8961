/// How one dimension's prediction moves when a cell of the spectrogram is covered.
struct OcclusionChart {
  /// The dimension.
  enum Dimension: String {
    case valence, arousal
  }

  let map: OcclusionMap
  let dimension: Dimension
  /// The change that has the full colour; both dimensions share it.
  let largest: Double

  func rendered() -> String {
    let values = dimension == .valence ? map.valence : map.arousal
    var svg = SVGDrawing(width: 560, height: 250)
    let frame = SpectrogramFrame(image: map.image, x: 52, y: 8, width: 440, height: 200)
    frame.draw(&svg, palette: SpectrogramChart.greys)
    frame.overlay(
      &svg, indices: values.map(level), rows: map.rows, columns: map.columns,
      palette: Self.palette, alpha: Self.alpha)
    frame.drawAxes(&svg)
    svg.image(
      dataURI: PNGImage.dataURI(
        PNGImage.encode(
          indices: (0..<128).map { UInt8(255 - $0 * 2) }, width: 1, height: 128,
          palette: Self.palette)),
      x: 506, y: 24, width: 12, height: 168)
    svg.rectangle(x: 506, y: 24, width: 12, height: 168, class: "frame")
    svg.text("+\(fixed(largest, 2))", x: 522, y: 34)
    svg.text("0", x: 522, y: 112)
    svg.text("\(fixed(-largest, 2))", x: 522, y: 192)
    let finite = values.filter(\.isFinite)
    return svg.rendered(
      label: "Change of \(map.model)'s \(dimension.rawValue) when parts of the spectrogram of "
        + "\(map.image.title) are covered: from \(fixed(finite.min() ?? 0, 3)) to "
        + "\(fixed(finite.max() ?? 0, 3))")
  }

  private func level(_ value: Double) -> UInt8 {
    guard value.isFinite, largest > 0 else { return 128 }
    return UInt8((min(max(value / largest, -1), 1) * 127 + 128).rounded())
  }

  /// Blue for less, orange for more: told apart by colour-blind eyes too.
  private static let palette: [PNGImage.Colour] = (0..<256).map { index in
    let strength = abs(Double(index) - 128) / 128
    let end: (Double, Double, Double) = index < 128 ? (40, 110, 235) : (245, 120, 20)
    func blend(_ value: Double) -> UInt8 { UInt8((236 + (value - 236) * strength).rounded()) }
    return (blend(end.0), blend(end.1), blend(end.2))
  }

  /// No change is clear, a large one covers most of the grey.
  private static let alpha: [UInt8] = (0..<256).map {
    UInt8(min(230, abs(Double($0) - 128) / 128 * 260).rounded())
  }
}

/// A spectrogram on which what a network looked at is left bright and the rest is dimmed.
struct RelevanceChart {
  let map: SpectrogramRelevance

  func rendered() -> String {
    var svg = SVGDrawing(width: 560, height: 250)
    let frame = SpectrogramFrame(image: map.image, x: 52, y: 8, width: 440, height: 200)
    frame.draw(&svg, palette: SpectrogramChart.palette)
    frame.overlay(
      &svg, indices: levels, rows: map.rows, columns: map.columns,
      palette: Array(repeating: (10, 8, 16), count: 256), alpha: Self.veil)
    frame.drawAxes(&svg)
    drawScale(&svg)
    return svg.rendered(
      label: "\(map.method) of \(map.model) over the spectrogram of \(map.image.title), "
        + "\(frame.spoken); most at \(peak)")
  }

  /// The values between their smallest and largest, as 0 to 255.
  private var levels: [UInt8] {
    let finite = map.values.filter(\.isFinite)
    guard let low = finite.min(), let high = finite.max(), high > low else {
      return Array(repeating: 255, count: map.values.count)
    }
    return map.values.map { $0.isFinite ? UInt8(((($0 - low) / (high - low)) * 255).rounded()) : 0 }
  }

  /// Opacities of the dimming: what counted least keeps a fifth of its light.
  private static let veil: [UInt8] = (0..<256).map { UInt8(205 - $0 * 205 / 255) }

  private func drawScale(_ svg: inout SVGDrawing) {
    svg.image(
      dataURI: PNGImage.dataURI(
        PNGImage.encode(
          indices: (0..<64).map { UInt8(255 - $0 * 4) }, width: 1, height: 64,
          palette: SpectrogramChart.greys)),
      x: 506, y: 24, width: 12, height: 168)
    svg.rectangle(x: 506, y: 24, width: 12, height: 168, class: "frame")
    svg.text("most", x: 522, y: 34)
    svg.text("least", x: 522, y: 192)
  }

  /// Where the largest value is, in words.
  private var peak: String {
    guard let index = map.values.indices.max(by: { map.values[$0] < map.values[$1] }),
      map.columns > 0, map.rows > 0
    else { return "nowhere" }
    let seconds = Double(map.image.frames) * map.image.secondsPerFrame
    let time = (Double(index % map.columns) + 0.5) / Double(map.columns) * seconds
    let height = (Double(index / map.columns) + 0.5) / Double(map.rows)
    return
      "\(fixed(time, 1)) s, \(height < 1 / 3.0 ? "low" : height < 2 / 3.0 ? "middle" : "high") "
      + "frequencies"
  }
}

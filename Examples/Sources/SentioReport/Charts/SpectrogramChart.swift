/// A mel spectrogram as a picture, with seconds and hertz on its axes.
package struct SpectrogramChart {
  let image: SpectrogramImage

  func rendered() -> String {
    var svg = SVGDrawing(width: 560, height: 250)
    let frame = SpectrogramFrame(image: image, x: 52, y: 8, width: 494, height: 200)
    frame.draw(&svg, palette: Self.palette)
    frame.drawAxes(&svg)
    return svg.rendered(label: "Mel spectrogram of \(image.title), \(frame.spoken)")
  }

  /// A small picture for comparing several side by side.
  func thumbnail() -> String {
    var svg = SVGDrawing(width: 260, height: 132)
    let frame = SpectrogramFrame(image: image, x: 32, y: 6, width: 216, height: 104)
    frame.draw(&svg, palette: Self.palette)
    frame.drawAxes(&svg, ticks: 4, titled: false)
    return svg.rendered(label: "Mel spectrogram: \(image.title), \(frame.spoken)")
  }

  /// Dark violet over red and orange to pale yellow: lightness rises evenly, so that loudness can
  /// be read in grey and by colour-blind eyes.
  package static let palette: [PNGImage.Colour] = blended([
    (0, 8, 6, 26), (0.25, 72, 16, 108), (0.5, 166, 44, 96), (0.75, 238, 112, 42),
    (1, 252, 246, 176),
  ])

  /// From dark grey to near white, for pictures that colours are laid over.
  static let greys: [PNGImage.Colour] = blended([(0, 70, 70, 74), (1, 250, 250, 252)])

  /// 256 colours between stops.
  private static func blended(
    _ stops: [(at: Double, red: Double, green: Double, blue: Double)]
  ) -> [PNGImage.Colour] {
    (0..<256).map { index in
      let fraction = Double(index) / 255
      let upper = stops.firstIndex { $0.at >= fraction && $0.at > 0 } ?? stops.count - 1
      let (low, high) = (stops[upper - 1], stops[upper])
      let mix = (fraction - low.at) / (high.at - low.at)
      func blend(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * mix).rounded()) }
      return (
        blend(low.red, high.red), blend(low.green, high.green), blend(low.blue, high.blue)
      )
    }
  }
}

import Foundation

/// A mel spectrogram as a picture, with seconds and hertz on its axes.
package struct SpectrogramChart {
  let image: SpectrogramImage

  func rendered() -> String {
    var svg = SVGDrawing(width: 640, height: 300)
    let seconds = Double(image.frames) * image.secondsPerFrame
    var flipped = [UInt8]()
    flipped.reserveCapacity(image.levels.count)
    let levels = [UInt8](image.levels)
    for band in stride(from: image.bands - 1, through: 0, by: -1) {
      flipped.append(contentsOf: levels[band * image.frames..<(band + 1) * image.frames])
    }
    let png = PNGImage.encode(
      indices: flipped, width: image.frames, height: image.bands, palette: Self.palette)
    svg.image(dataURI: PNGImage.dataURI(png), x: 56, y: 10, width: 572, height: 236)
    svg.rectangle(x: 56, y: 10, width: 572, height: 236, class: "frame")

    let time = LinearAxis(domain: 0...seconds, from: 56, to: 628)
    for tick in time.ticks(about: 6) {
      svg.text(tickLabel(tick), x: time.position(of: tick), y: 262, anchor: .middle)
      svg.line(
        from: (time.position(of: tick), 246), to: (time.position(of: tick), 250), class: "axis")
    }
    svg.text("seconds", x: 342, y: 284, anchor: .middle, class: "axis-title")

    // The bands are evenly spaced in mel, so that is what the axis is linear in.
    let mel = LinearAxis(
      domain: slaneyMel(image.minimumFrequency)...slaneyMel(image.maximumFrequency), from: 246,
      to: 10)
    for hertz in [100.0, 500, 1000, 2000, 4000, 8000, 16000]
    where hertz >= image.minimumFrequency && hertz <= image.maximumFrequency {
      let y = mel.position(of: slaneyMel(hertz))
      svg.text(
        hertz >= 1000 ? "\(Int(hertz / 1000))k" : "\(Int(hertz))", x: 50, y: y + 4, anchor: .end)
      svg.line(from: (52, y), to: (56, y), class: "axis")
    }
    svg.text("Hz", x: 14, y: 128, anchor: .middle, class: "axis-title", rotation: -90)
    return svg.rendered(
      label: "Mel spectrogram of \(image.title), \(Int(seconds.rounded())) seconds, "
        + "\(image.bands) bands from \(Int(image.minimumFrequency)) to "
        + "\(Int(image.maximumFrequency)) hertz")
  }

  /// Slaney's mel scale: linear below 1 kHz, logarithmic above.
  private func slaneyMel(_ hertz: Double) -> Double {
    hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) / (log(6.4) / 27)
  }

  /// Dark violet over red and orange to pale yellow: lightness rises evenly, so that loudness can
  /// be read in grey and by colour-blind eyes.
  package static let palette: [(red: UInt8, green: UInt8, blue: UInt8)] = {
    let stops: [(at: Double, red: Double, green: Double, blue: Double)] = [
      (0, 8, 6, 26), (0.25, 72, 16, 108), (0.5, 166, 44, 96), (0.75, 238, 112, 42),
      (1, 252, 246, 176),
    ]
    return (0..<256).map { index in
      let fraction = Double(index) / 255
      let upper = stops.firstIndex { $0.at >= fraction && $0.at > 0 } ?? stops.count - 1
      let (low, high) = (stops[upper - 1], stops[upper])
      let mix = (fraction - low.at) / (high.at - low.at)
      func blend(_ a: Double, _ b: Double) -> UInt8 { UInt8((a + (b - a) * mix).rounded()) }
      return (
        blend(low.red, high.red), blend(low.green, high.green), blend(low.blue, high.blue)
      )
    }
  }()
}

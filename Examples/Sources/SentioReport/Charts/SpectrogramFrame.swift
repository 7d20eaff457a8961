import Foundation

/// Where a spectrogram lies in a drawing, with seconds and hertz on its axes.
struct SpectrogramFrame {
  let image: SpectrogramImage
  let x: Double
  let y: Double
  let width: Double
  let height: Double

  /// Draws the picture in a palette.
  func draw(_ svg: inout SVGDrawing, palette: [PNGImage.Colour]) {
    var flipped = [UInt8]()
    flipped.reserveCapacity(image.levels.count)
    let levels = [UInt8](image.levels)
    // A picture that is not of the size that it says is left empty: nothing of it could be placed.
    guard levels.count == image.bands * image.frames, !levels.isEmpty else { return }
    for band in stride(from: image.bands - 1, through: 0, by: -1) {
      flipped.append(contentsOf: levels[band * image.frames..<(band + 1) * image.frames])
    }
    svg.image(
      dataURI: PNGImage.dataURI(
        PNGImage.encode(
          indices: flipped, width: image.frames, height: image.bands, palette: palette)),
      x: x, y: y, width: width, height: height)
  }

  /// Draws the frame, the seconds below and the hertz on the left.
  func drawAxes(_ svg: inout SVGDrawing, ticks: Int = 6, titled: Bool = true) {
    svg.rectangle(x: x, y: y, width: width, height: height, class: "frame")
    let bottom = y + height
    let time = LinearAxis(
      domain: 0...max(Double(image.frames) * image.secondsPerFrame, 1e-9), from: x, to: x + width)
    for tick in time.ticks(about: ticks) {
      let place = time.position(of: tick)
      svg.line(from: (place, bottom), to: (place, bottom + 4), class: "axis")
      svg.text(tickLabel(tick), x: place, y: bottom + 16, anchor: .middle)
    }
    // The bands are evenly spaced in mel, so that is what the axis is linear in.
    let mel = LinearAxis(
      domain: slaneyMel(
        image.minimumFrequency)...max(
          slaneyMel(image.maximumFrequency), slaneyMel(image.minimumFrequency) + 1e-9),
      from: bottom, to: y)
    var last = Double.infinity
    for hertz in [100.0, 500, 1000, 2000, 4000, 8000, 16000]
    where hertz >= image.minimumFrequency && hertz <= image.maximumFrequency {
      let place = mel.position(of: slaneyMel(hertz))
      guard last - place >= 12 else { continue }
      last = place
      svg.text(
        hertz >= 1000 ? "\(Int(hertz / 1000))k" : "\(Int(hertz))", x: x - 6, y: place + 4,
        anchor: .end)
      svg.line(from: (x - 4, place), to: (x, place), class: "axis")
    }
    guard titled else { return }
    svg.text(
      "seconds", x: x + width / 2, y: bottom + 34, anchor: .middle, class: "axis-title")
    svg.text(
      "Hz (mel scale)", x: x - 38, y: y + height / 2, anchor: .middle, class: "axis-title",
      rotation: -90)
  }

  /// Lays a grid of transparent colours over the picture; `indices` is `[rows, columns]`, the lowest
  /// frequencies first.
  func overlay(
    _ svg: inout SVGDrawing, indices: [UInt8], rows: Int, columns: Int,
    palette: [PNGImage.Colour], alpha: [UInt8]
  ) {
    guard rows > 0, columns > 0, indices.count == rows * columns else { return }
    var flipped = [UInt8]()
    for row in stride(from: rows - 1, through: 0, by: -1) {
      flipped.append(contentsOf: indices[row * columns..<(row + 1) * columns])
    }
    svg.image(
      dataURI: PNGImage.dataURI(
        PNGImage.encode(
          indices: flipped, width: columns, height: rows, palette: palette, alpha: alpha)),
      x: x, y: y, width: width, height: height, isGrid: true)
  }

  /// What a screen reader says of the picture.
  var spoken: String {
    "\(Int((Double(image.frames) * image.secondsPerFrame).rounded())) seconds, \(image.bands) bands "
      + "from \(Int(image.minimumFrequency)) to \(Int(image.maximumFrequency)) hertz"
  }

  /// Slaney's mel scale: linear below 1 kHz, logarithmic above.
  private func slaneyMel(_ hertz: Double) -> Double {
    hertz < 1000 ? hertz * 3 / 200 : 15 + log(hertz / 1000) / (log(6.4) / 27)
  }
}

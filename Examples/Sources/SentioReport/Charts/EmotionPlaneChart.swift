/// Predictions in the valence-arousal plane: for each test song a dot at the prediction and a thin
/// line from its label; for each quadrant of labels an ellipse of the errors, so that a model's pull
/// towards the middle and its scatter can be seen.
struct EmotionPlaneChart {
  let report: RunReport
  let model: ModelResult

  /// The finished picture.
  func rendered() -> String {
    var svg = SVGDrawing(width: 360, height: 366)
    let plane = PlaneFrame(scale: report.scale)
    plane.draw(&svg)
    for (song, prediction) in pairs {
      let label = plane.place(song.valence, song.arousal)
      let dot = plane.place(prediction[0], prediction[1])
      svg.line(from: label, to: dot, class: "residual")
      svg.circle(
        x: dot.x, y: dot.y, radius: 2.4, class: "dot",
        title: "\(song.name): label \(fixed(song.valence, 2)), \(fixed(song.arousal, 2)); "
          + "predicted \(fixed(prediction[0], 2)), \(fixed(prediction[1], 2))")
    }
    for (name, ellipse) in ellipses {
      let label = plane.place(ellipse.label.x, ellipse.label.y)
      let centre = plane.place(ellipse.centre.x, ellipse.centre.y)
      svg.path(
        ellipse.outline().map { plane.place($0.x, $0.y) }, class: "ellipse", closed: true,
        title: "\(name): errors of one standard deviation")
      svg.line(from: label, to: centre, class: "bias")
      svg.circle(
        x: label.x, y: label.y, radius: 4, class: "hollow second", title: "\(name): mean label")
      svg.circle(
        x: centre.x, y: centre.y, radius: 4, class: "fill1", title: "\(name): mean prediction")
    }
    return svg.rendered(
      label: "Predictions of \(model.title) for \(report.truth.count) test songs in the "
        + "valence-arousal plane, each joined to its label, with an error ellipse a quadrant")
  }

  private var pairs: [(LabelledSong, [Double])] {
    zip(report.truth, model.predictions).filter { $1.count == 2 }
  }

  /// One ellipse for each quadrant of labels with at least 3 songs.
  private var ellipses: [(String, ErrorEllipse)] {
    let middle = (report.scale.lower + report.scale.upper) / 2
    return [
      ("happy", true, true), ("tense", false, true), ("sad", false, false),
      ("calm", true, false),
    ].compactMap { name, isPositive, isHigh in
      let own = pairs.filter {
        ($0.0.valence >= middle) == isPositive && ($0.0.arousal >= middle) == isHigh
      }
      return ErrorEllipse(
        labels: own.map { ($0.0.valence, $0.0.arousal) },
        predictions: own.map { ($0.1[0], $0.1[1]) }
      ).map { (name, $0) }
    }
  }
}

extension LabelledSong {
  /// The title and artist where they are known, and the id.
  var name: String {
    let words = [title.map { "“\($0)”" }, artist].compactMap(\.self).joined(separator: ", ")
    return words.isEmpty ? id : "\(words) (\(id))"
  }
}

import Foundation
import Mustache

extension RunReport {
  /// The report as one self-contained HTML page: no script, no font, no picture from elsewhere.
  ///
  /// A section is there only when its data is.
  public func htmlPage() throws -> String {
    let library = MustacheLibrary(templates: [
      "page": try MustacheTemplate(string: ReportTemplate.page),
      "figure": try MustacheTemplate(string: ReportTemplate.figure),
      "table": try MustacheTemplate(string: ReportTemplate.table),
    ])
    return library.render(context, withTemplate: "page") ?? ""
  }

  /// The sections in the order of the page.
  var sections: [PageSection] {
    [
      resultsSection, planeSection, courseSection, learningSection, syntheticSection,
      ablationSection, deploymentSection, significanceSection, errorSection, featureSection,
      attentionSection, newSongSection, sizeSection, dataSection, timeSection, aboutSection,
    ].compactMap(\.self)
  }

  private var context: [String: Any] {
    [
      "title": "Music emotion recognition: \(models.count) models on \(corpus.name)",
      "style": ReportStyle.sheet,
      "lead": "\(corpus.songs) songs, \(corpus.featureCount) features (\(corpus.featureSet)), "
        + "labels \(corpus.labels); trained on \(corpus.training + corpus.validation), "
        + "tested on \(corpus.test) songs that no model and no search has seen."
        + (preset.map { " Preset “\($0)”." } ?? ""),
      "notes": notes,
      "created": created,
      "figures": figures,
      "sections": sections.map(\.context),
    ]
  }

  /// The numbers at the head of the page.
  private var figures: [[String: Any]] {
    var result: [[String: Any]] = []
    if let best {
      result.append([
        "value": fixed(best.meanCCC.estimate, 3),
        "name": "highest mean CCC, \(best.title) (95 %: \(fixed(best.meanCCC.lower, 2)) – "
          + "\(fixed(best.meanCCC.upper, 2)))",
      ])
      result.append([
        "value": "\(fixed(best.valence.r2.estimate, 2)) / \(fixed(best.arousal.r2.estimate, 2))",
        "name": "R² of valence / arousal, same model",
      ])
    }
    result.append(["value": "\(corpus.test)", "name": "test songs, n of every figure"])
    if let student = deployment?.students.first, let kept = student.retention {
      result.append([
        "value": "\(fixed(kept.estimate * 100, 0)) %",
        "name":
          "of the teacher's CCC kept by \(student.title) (95 %: \(fixed(kept.lower * 100, 0)) – "
          + "\(fixed(kept.upper * 100, 0)))",
      ])
    }
    let extraction = timings.first { $0.stage.hasPrefix("features") && $0.songs ?? 0 > 0 }
    if let extraction, let songs = extraction.songs, extraction.seconds > 0 {
      result.append([
        "value": "\(fixed(Double(songs) / extraction.seconds, 0)) songs/s",
        "name": "decoded and measured from MP3",
      ])
    }
    return result
  }
}

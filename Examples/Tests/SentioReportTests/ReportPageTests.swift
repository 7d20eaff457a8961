import Foundation
import SentioReport
import Testing

@Suite struct ReportPageTests {
  @Test func pageStandsAloneAndEscapesWhatComesFromOutside() throws {
    let page = try sampleReport().htmlPage()
    #expect(page.hasPrefix("<!doctype html>"))
    #expect(!page.contains("<script"))
    #expect(page.contains("&lt;script&gt;alert(0)"))
    #expect(page.contains("songs &lt;of&gt; &quot;mine&quot; &amp; yours"))
    // Nothing is fetched: the only address is the SVG namespace, which is a name.
    let addresses = page.components(separatedBy: "http").count - 1
    let namespaces = page.components(separatedBy: "http://www.w3.org/2000/svg").count - 1
    #expect(addresses == namespaces)
    #expect(!page.contains("src="))
  }

  @Test func everySectionIsFilled() throws {
    let page = try sampleReport().htmlPage()
    for id in [
      "results", "plane", "significance", "errors", "importance", "songs", "time", "about",
    ] {
      #expect(page.contains("<section id=\"\(id)\""), "section \(id)")
      #expect(page.contains("href=\"#\(id)\""), "link to \(id)")
    }
    #expect(page.contains("0.500 (0.400 – 0.580)"))
    #expect(page.contains("too few"))
    #expect(page.contains("data:image/png;base64,"))
    #expect(page.contains("&lt; 0.001"))
    #expect(!page.contains("{{"))
  }

  @Test func emptyReportStillRenders() throws {
    let empty = RunReport(
      created: "now", corpus: sampleReport().corpus, scale: ScaleSummary(lower: -1, upper: 1))
    let page = try empty.htmlPage()
    #expect(!page.contains("id=\"songs\""))
    #expect(page.contains("</html>"))
  }

  @Test func everySectionOfAWholeRunIsFilled() throws {
    let page = try richReport().htmlPage()
    let ids = [
      "results", "plane", "course", "learning", "synthetic", "ablations", "deployment",
      "significance", "errors", "importance", "attention", "songs", "sizes", "data", "time",
      "about",
    ]
    for id in ids {
      #expect(page.contains("<section id=\"\(id)\""), "section \(id)")
      #expect(page.contains("href=\"#\(id)\""), "link to \(id)")
    }
    #expect(!page.contains("{{"))
    #expect(!page.contains("src="))
    // Differences of 0.015 ± 0.03 over songs and ± 0.06 over seeds, and of -0.11.
    #expect(
      page.contains(
        "“real + synthetic” was better than “real only” by 0.015, which other songs may undo, and other seeds too."
      ))
    #expect(
      page.contains(
        "“head only” was worse than “progressive” by 0.110, which other songs would hardly undo, nor other seeds."
      ))
    // Only one of the seven models is missing, and every table of models says so.
    #expect(page.contains("not measured in this run"))
  }

  @Test func sectionsAreThereOnlyWithTheirData() throws {
    let page = try sampleReport().htmlPage()
    for id in ["course", "learning", "synthetic", "ablations", "attention", "sizes"] {
      #expect(!page.contains("id=\"\(id)\""), "section \(id)")
      #expect(!page.contains("#\(id)\""), "link to \(id)")
    }
  }

  @Test func unmeasuredModelsKeepTheirRows() {
    let table = sampleReport().agreementTable
    #expect(
      table.rows.prefix(7).map { $0[0] } == [
        "Ridge Regression", "SVR (RBF)", "XGBoost", "CRNN", "AST", "ViT + GAN",
        "MobileViT student",
      ])
    let crnn = table.rows[3]
    #expect(crnn[1] == ReportTable.missing)
    #expect(crnn[2] == "~0.600")
    #expect(crnn.last == ReportTable.missing)
  }

  @Test func jsonRoundTrips() throws {
    for report in [sampleReport(), richReport()] {
      let data = try JSONEncoder().encode(report)
      let copy = try JSONDecoder().decode(RunReport.self, from: data)
      #expect(copy.models.map(\.predictions) == report.models.map(\.predictions))
      #expect(try copy.htmlPage() == report.htmlPage())
    }
  }

  @Test func damagedPicturesAndEmptyCurvesDoNoHarm() throws {
    var report = richReport()
    report.spectrogram?.levels = Data([1, 2, 3])
    report.attention[0].values = []
    report.occlusion[0].valence = [.nan]
    report.curves = [LearningCurve(name: "crnn", title: "CRNN", epochs: [EpochRecord(epoch: 1)])]
    report.adversarial = AdversarialTraining(epochs: [], wantedAccuracy: [], allowedAccuracy: [])
    report.paths[0].points = []
    report.timings = [StageTiming(stage: "none", seconds: .nan)]
    for index in report.models.indices {
      report.models[index].meanCCC = Interval(estimate: .nan, lower: .nan, upper: .nan)
      report.models[index].predictSecondsPerSong = 0
      report.models[index].predictions[0] = []
    }
    let page = try report.htmlPage()
    #expect(page.contains("</html>"))
    #expect(!page.contains("nan"))
  }

  @Test func tableAlignsItsColumns() {
    let table = ReportTable(
      caption: "c", header: ["name", "value"], rows: [["a", "1.0"], ["longer", "10.25"]])
    #expect(
      table.plainText() == """
        name    value
        ──────  ─────
        a         1.0
        longer  10.25
        """)
  }
}

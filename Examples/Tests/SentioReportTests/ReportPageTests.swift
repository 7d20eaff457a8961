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
      #expect(page.contains("<section id=\"\(id)\">"), "section \(id)")
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

  @Test func jsonRoundTrips() throws {
    let data = try JSONEncoder().encode(sampleReport())
    let copy = try JSONDecoder().decode(RunReport.self, from: data)
    #expect(copy.models.map(\.predictions) == sampleReport().models.map(\.predictions))
    #expect(try copy.htmlPage() == sampleReport().htmlPage())
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

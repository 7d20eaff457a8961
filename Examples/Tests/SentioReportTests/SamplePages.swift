import Foundation
import SentioReport
import Testing

/// Writes the sample pages into the folder that `SENTIO_SAMPLE_PAGES` names, for `.ci/report-page.sh`.
@Suite struct SamplePages {
  private static let folder = ProcessInfo.processInfo.environment["SENTIO_SAMPLE_PAGES"]

  @Test(.enabled(if: folder != nil))
  func writePages() throws {
    let folder = URL(filePath: try #require(Self.folder))
    for (name, report) in [
      ("rich", richReport()), ("classical", sampleReport()),
      (
        "empty",
        RunReport(
          created: "now", corpus: sampleReport().corpus, scale: ScaleSummary(lower: -1, upper: 1))
      ),
    ] {
      try Data(report.htmlPage().utf8).write(to: folder.appending(path: "\(name).html"))
    }
  }
}

import ArgumentParser
import Foundation
import SentioRegistry
import SentioReport

/// `sentio runs list`: all runs, the newest first.
struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List trained models, the newest first.")

  @Option(help: "Only this type of model, such as vit.")
  var model: String?
  @Option(help: ArgumentHelp("Only models with this status.", valueName: "status"))
  var status: ModelStatus?
  @OptionGroup var options: RegistryOptions
  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let runs = try options.open().runs(model: model, status: status)
    if json { return try Terminal.printJSON(runs) }
    guard !runs.isEmpty else { return Terminal.note("no runs") }
    print(
      ReportTable(
        caption: "",
        header: [
          "run", "version", "status", "CCC train", "CCC val", "CCC test", "size", "trained on",
          "corpus",
        ],
        rows: runs.map { run in
          [
            "\(run.id)", run.version, run.status.rawValue, ccc(run.trainingCCC),
            ccc(run.validationCCC), ccc(run.testCCC), run.modelBytes.map(size) ?? "–",
            day(run.created), run.corpus ?? "–",
          ]
        }, proseColumns: [1, 2, 8]
      ).plainText())
  }
}

extension ModelStatus: ExpressibleByArgument {}

/// A CCC, or a dash where none was measured.
func ccc(_ value: Double?) -> String { value.map { fixed($0, 3) } ?? "–" }

/// `2026-01-31`, in the machine's time zone.
func day(_ date: Date) -> String {
  date.formatted(
    .verbatim(
      "\(year: .defaultDigits)-\(month: .twoDigits)-\(day: .twoDigits)", timeZone: .current,
      calendar: Calendar(identifier: .gregorian)))
}

/// A number of bytes with a unit that suits its size.
func size(_ bytes: Int64) -> String { byteCount(Int(bytes)) }

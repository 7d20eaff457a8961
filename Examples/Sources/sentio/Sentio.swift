import ArgumentParser
import Foundation
import SentioBLAS

/// The command line tool: songs in, valence and arousal out.
struct Sentio: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sentio",
    abstract: "Music emotion recognition: real audio in, valence and arousal out.",
    discussion: """
      A first round on songs that the tool composes itself:
        sentio corpus synthesize Data/songs --songs 400
        sentio train ridge --data Data/songs --output ridge.sentio
        sentio predict --model ridge.sentio song.mp3
      The whole comparison of models with its report page:
        sentio run

      Exit codes: 0 success; 1 the input, the disk or the machine was at fault (the message says \
      which and how to mend it); 2 the command line was wrong; 130 stopped by Ctrl-C.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, FeaturesCommand.self, CorpusCommand.self, TrainCommand.self,
      PredictCommand.self, EvaluateCommand.self, CompareCommand.self, ModelCommand.self,
      GANCommand.self, ExportCommand.self, RunsCommand.self, DoctorCommand.self,
    ])
}

@main
enum Program {
  static func main() {
    ProcessMemory.keepFreedBlocks()
    // Errors of the command line show the usage of the command that was asked for.
    var root: any ParsableCommand.Type = Sentio.self
    // A limit on the size of files is told like a full disk, by the write that meets it.
    signal(SIGXFSZ, SIG_IGN)
    do {
      var command = try Sentio.parseAsRoot()
      root = type(of: command)
      try command.run()
      try Terminal.flush()
    } catch let code as ExitCode {
      exit(code.rawValue)
    } catch is Interrupted {
      Terminal.note(Interruption.farewell)
      exit(130)
    } catch {
      // Help, version and usage are errors to the argument parser, and so is asking for them.
      switch Sentio.exitCode(for: error) {
      case .success:
        print(Sentio.fullMessage(for: error))
        exit(0)
      case .validationFailure:
        if let error = error as? ValidationError {
          Terminal.note(
            "Error: \(error.message)\nUsage: \(Sentio.usageString(for: root))\n"
              + "  See the same command with --help for more information.")
        } else {
          Terminal.note(Sentio.fullMessage(for: error))
        }
        exit(2)
      default:
        Terminal.note("sentio: \(error)")
        exit(1)
      }
    }
  }
}

import ArgumentParser
import Foundation

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

      Exit codes: 0 success; 1 the input, the disk or the machine was at fault (the message says
      which and how to mend it); 2 the command line was wrong; 130 stopped by Ctrl-C.
      """,
    version: "0.1.0",
    subcommands: [
      RunCommand.self, FeaturesCommand.self, CorpusCommand.self, TrainCommand.self,
      PredictCommand.self, EvaluateCommand.self, CompareCommand.self, DoctorCommand.self,
    ])
}

@main
enum Program {
  static func main() {
    var command: any ParsableCommand
    do {
      command = try Sentio.parseAsRoot()
    } catch {
      endOfParsing(error)
    }
    do {
      try command.run()
    } catch let error where error is CleanExit || error is ValidationError || error is ExitCode {
      endOfParsing(error)
    } catch is Interrupted {
      Terminal.note("sentio: stopped by Ctrl-C; what was finished is kept, run again to go on")
      exit(130)
    } catch {
      Terminal.note("sentio: \(error)")
      exit(1)
    }
  }

  /// Ends with help or version on standard output (0), or with a usage message (2).
  private static func endOfParsing(_ error: any Error) -> Never {
    if let code = error as? ExitCode { exit(code.rawValue) }
    let text = Sentio.fullMessage(for: error)
    if Sentio.exitCode(for: error) == .success {
      print(text)
      exit(0)
    }
    Terminal.note(text)
    exit(2)
  }
}

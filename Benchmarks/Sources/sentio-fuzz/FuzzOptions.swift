import Foundation

/// What the command line asks for.
struct FuzzOptions {
  var readers: [FuzzedReader] = []
  var count = 2_000
  var first = 0
  var seed: UInt64 = 1
  var seedsFolder: String?
  var usesRealFiles = true
  var secondsLimit = 90.0
  var memoryLimit = 4_096
  /// Set by the program for its own children: the folder to work in.
  var workFolder: String?

  static let usage = """
    usage: sentio-fuzz [--reader NAME ...] [--count N] [--first N] [--seed S] [--seeds-dir DIR]
                       [--no-real-files] [--seconds-limit S] [--memory-limit MIB]
      --reader         only this one; without it all of them, which share the count
      --first          number of each reader's first input: --first N --count 1 replays input N
      --seeds-dir      further good files, by the endings of their names
      --no-real-files  leaves out those of SENTIO_TEST_DATA or of shared/data beside the repository
      --seconds-limit  longest that one input may take (default 90: a sanitizer on a busy machine)
      --memory-limit   most resident memory in MiB (default 4096)
    readers: \(FuzzedReader.all.map(\.name).joined(separator: " "))

    """

  init(_ arguments: [String]) {
    var arguments = arguments
    while !arguments.isEmpty {
      let option = arguments.removeFirst()
      switch option {
      case "--help":
        print(Self.usage, terminator: "")
        exit(0)
      case "--no-real-files":
        usesRealFiles = false
        continue
      default: break
      }
      guard !arguments.isEmpty else {
        stop("\(option) wants a value, or is unknown\n\(Self.usage)")
      }
      let value = arguments.removeFirst()
      func number<N: LosslessStringConvertible & Comparable>(atLeast least: N) -> N {
        guard let number = N(value), number >= least else {
          stop("\(option) wants a number of at least \(least), not '\(value)'")
        }
        return number
      }
      switch option {
      case "--reader":
        guard let reader = FuzzedReader.all.first(where: { $0.name == value }) else {
          stop("no reader \(value)\n\(Self.usage)")
        }
        readers.append(reader)
      case "--count": count = number(atLeast: 1)
      case "--first": first = number(atLeast: 0)
      case "--seed": seed = number(atLeast: 0)
      case "--seeds-dir": seedsFolder = value
      case "--seconds-limit": secondsLimit = number(atLeast: 0.001)
      case "--memory-limit": memoryLimit = number(atLeast: 1)
      case "--work": workFolder = value
      default: stop("unknown option \(option)\n\(Self.usage)")
      }
    }
    if readers.isEmpty { readers = FuzzedReader.all }
  }

  /// The arguments with which one reader's inputs from `first` on are run in a process of their own.
  func childArguments(_ reader: FuzzedReader, first: Int, count: Int, work: URL) -> [String] {
    var arguments = replay(reader, first: first, count: count)
    if let seedsFolder { arguments += ["--seeds-dir", seedsFolder] }
    if !usesRealFiles { arguments.append("--no-real-files") }
    return arguments + [
      "--seconds-limit", "\(secondsLimit)", "--memory-limit", "\(memoryLimit)", "--work", work.path,
    ]
  }

  /// What to type to see inputs again.
  func replay(_ reader: FuzzedReader, first: Int, count: Int) -> [String] {
    ["--reader", reader.name, "--seed", "\(seed)", "--first", "\(first)", "--count", "\(count)"]
  }
}

/// Ends the program because it was called wrongly.
func stop(_ message: String) -> Never {
  FileHandle.standardError.write(Data((message + "\n").utf8))
  exit(2)
}

import Foundation

/// What a process has done so far, kept in a file so that it outlives a trap.
struct FuzzTally {
  /// The input that is being read, or the one after the last.
  var next: Int
  var read = 0
  var refused = 0
  var defects = 0
  var longestMilliseconds = 0.0
  var highestMemory = 0
  /// Whether every input has been read.
  var isComplete = false

  init(first: Int) { next = first }

  /// Reads the file of a process that has ended.
  init?(contentsOf url: URL) {
    guard let text = try? String(contentsOf: url, encoding: .utf8) else { return nil }
    let fields = text.prefix { $0 != "\n" }.split(separator: " ")
    guard fields.count == 7, let next = Int(fields[0]), let read = Int(fields[1]),
      let refused = Int(fields[2]), let defects = Int(fields[3]), let longest = Double(fields[4]),
      let memory = Int(fields[5])
    else { return nil }
    self.next = next
    self.read = read
    self.refused = refused
    self.defects = defects
    longestMilliseconds = longest
    highestMemory = memory
    isComplete = fields[6] == "complete"
  }

  /// Writes over the file at `descriptor`.
  func write(to descriptor: Int32) {
    let text =
      "\(next) \(read) \(refused) \(defects) \(longestMilliseconds) \(highestMemory) "
      + (isComplete ? "complete" : "running") + "\n"
    _ = text.utf8CString.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count - 1, 0) }
  }

  /// Adds what another process did with further inputs.
  mutating func add(_ other: FuzzTally) {
    read += other.read
    refused += other.refused
    defects += other.defects
    longestMilliseconds = max(longestMilliseconds, other.longestMilliseconds)
    highestMemory = max(highestMemory, other.highestMemory)
  }

  /// The figures for a closing line.
  var summary: String {
    "\(read + refused + defects) inputs, \(refused) typed errors, \(read) read, "
      + "\(defects) defects, max \(String(format: "%.0f", longestMilliseconds)) ms, "
      + "max RSS \(highestMemory) MiB"
  }
}

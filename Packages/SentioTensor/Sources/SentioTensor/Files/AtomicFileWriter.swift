import Foundation

extension AtomicFile {
  /// The open temporary of an ``AtomicFile``: takes bytes in order, through a buffer.
  ///
  /// Valid inside the closure that receives it only.
  public final class Writer {
    /// The number of bytes written so far.
    public private(set) var position = 0
    let descriptor: Int32
    /// The path that errors name.
    let reportedPath: String
    private var buffer: [UInt8] = []
    private let isStream: Bool
    private var isOpen = true
    private static let bufferSize = 1 << 16

    init(path: String, reportedPath: String) throws(FileError) {
      descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o666)
      self.reportedPath = reportedPath
      isStream = false
      guard descriptor >= 0 else {
        throw FileError(path: reportedPath, operation: .open, code: errno)
      }
    }

    /// Opens a pipe or a device, which takes bytes and has no disk to force them to.
    init(stream path: String) throws(FileError) {
      descriptor = open(path, O_WRONLY | O_CLOEXEC)
      reportedPath = path
      isStream = true
      guard descriptor >= 0 else {
        throw FileError(path: path, operation: .open, code: errno)
      }
    }

    deinit { abandon() }

    /// Appends raw bytes.
    ///
    /// - Parameter bytes: what to append.
    /// - Throws: ``FileError``.
    public func write(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
      precondition(isOpen, "the writer is valid inside its closure only")
      position += bytes.count
      if buffer.count + bytes.count > Self.bufferSize { try flush() }
      if bytes.count >= Self.bufferSize {
        try writeAll(bytes)
      } else {
        buffer.append(contentsOf: bytes)
      }
    }

    /// Appends the bytes of a `Data`, a `[UInt8]` or the like.
    ///
    /// - Parameter bytes: what to append.
    /// - Throws: ``FileError``.
    public func write(_ bytes: some ContiguousBytes) throws {
      try bytes.withUnsafeBytes { try write($0) }
    }

    /// Appends text in UTF-8.
    ///
    /// - Parameter text: what to append.
    /// - Throws: ``FileError``.
    public func write(_ text: String) throws(FileError) {
      var text = text
      do {
        try text.withUTF8 { try write(UnsafeRawBufferPointer($0)) }
      } catch let error as FileError {
        throw error
      } catch {
        preconditionFailure("writing throws file errors only, and not \(error)")
      }
    }

    /// Writes what is left, forces it to the disk and closes the file.
    func finish() throws(FileError) {
      try flush()
      guard isStream || fsync(descriptor) == 0 else {
        throw FileError(path: reportedPath, operation: .synchronize, code: errno)
      }
      isOpen = false
      guard close(descriptor) == 0 else {
        throw FileError(path: reportedPath, operation: .write, code: errno)
      }
    }

    /// Closes the file without caring for its content.
    func abandon() {
      guard isOpen, descriptor >= 0 else { return }
      isOpen = false
      close(descriptor)
    }

    private func flush() throws(FileError) {
      guard !buffer.isEmpty else { return }
      let pending = buffer
      buffer.removeAll(keepingCapacity: true)
      let code = pending.withUnsafeBytes { drain($0) }
      if code != 0 { throw FileError(path: reportedPath, operation: .write, code: code) }
    }

    private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(FileError) {
      let code = drain(bytes)
      if code != 0 { throw FileError(path: reportedPath, operation: .write, code: code) }
    }

    /// Hands all of `bytes` to the system; returns the error number, or 0.
    private func drain(_ bytes: UnsafeRawBufferPointer) -> Int32 {
      var rest = bytes[...]
      while let base = UnsafeRawBufferPointer(rebasing: rest).baseAddress, !rest.isEmpty {
        let written = systemWrite(descriptor, base, min(rest.count, 1 << 30))
        if written < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = rest.dropFirst(written)
      }
      return 0
    }
  }
}

/// `write(2)`, out of the reach of the methods that share its name.
private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  write(descriptor, bytes, count)
}

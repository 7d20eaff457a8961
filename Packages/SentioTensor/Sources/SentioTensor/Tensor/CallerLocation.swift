#if canImport(Runtime)
  import Runtime
#endif

/// Who called an operation that has no room for the caller's file and line: an operator, a property.
enum CallerLocation {
  /// The place of the innermost frame outside of this module, as ` (called at /path/Model.swift:12)`.
  ///
  /// It is read from the debug information of the program, once, on the way to the stop; empty where there
  /// is none, or where the runtime cannot look (before Swift 6.2).
  static func text() -> String {
    #if canImport(Runtime)
      guard let frames = try? Backtrace.capture(limit: 64).symbolicated()?.frames else { return "" }
      for frame in frames {
        // Paths are absolute or start at the package, as the compiler was called.
        guard let place = frame.symbol?.sourceLocation, place.line > 0,
          !place.path.contains("Sources/SentioTensor/")
        else { continue }
        return " (called at \(place.path):\(place.line))"
      }
    #endif
    return ""
  }
}

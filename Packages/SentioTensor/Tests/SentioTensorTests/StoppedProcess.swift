import Testing

/// Expects a stopped process to have told a mistake: what was wrong, and in which file.
func expectMistake(
  _ result: ExitTest.Result?, _ texts: String..., file: String,
  location: SourceLocation = #_sourceLocation
) throws {
  let message = String(
    decoding: try #require(result, sourceLocation: location).standardErrorContent, as: UTF8.self)
  for text in texts + [file + ".swift:"] {
    #expect(message.contains(text), "\(message)", sourceLocation: location)
  }
}

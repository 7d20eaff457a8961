import Yams

/// Lays what a file of settings says over the settings that there are.
struct Overlay {
  /// The file as it was named.
  let file: String
  /// Keys at the top that are not settings.
  let ignoring: Set<String>
  /// Places that can't be set.
  let derived: Set<String>

  /// The value of a place with what the file says about it.
  ///
  /// - Parameters:
  ///   - node: what the file says.
  ///   - base: the value as it was, which says what may stand there.
  ///   - path: the place: keys with points between them.
  ///   - check: throws where the settings can't have a value at this place.
  /// - Returns: the value.
  /// - Throws: `SettingsError` for unknown keys and values of the wrong kind.
  func value(
    _ node: Node, onto base: JSONValue, path: String, check: (JSONValue) throws -> Void
  ) throws -> JSONValue {
    func fail(_ expected: String) -> SettingsError {
      let found = node.scalar.map { "'\($0.string)'" } ?? (node.mapping == nil ? "a list" : "keys")
      return SettingsError(
        file: file, line: line(of: node),
        message: "\(path.isEmpty ? "the file" : path) must be \(expected), not \(found)")
    }
    switch base {
    case .object(var members):
      guard let mapping = node.mapping else {
        // A section without anything in it is written as a key alone.
        if node.null != nil { return base }
        throw fail("a section with keys")
      }
      var seen: Set<String> = []
      for (keyNode, value) in mapping {
        let key = keyNode.scalar?.string ?? ""
        let place = path.isEmpty ? key : "\(path).\(key)"
        guard seen.insert(key).inserted else {
          throw SettingsError(
            file: file, line: line(of: keyNode), message: "\(place) is given twice")
        }
        if path.isEmpty, ignoring.contains(key) { continue }
        guard !derived.contains(place) else {
          throw SettingsError(
            file: file, line: line(of: keyNode),
            message: "unknown key '\(key)' in \(path): it follows from other settings; change those"
          )
        }
        guard let before = members[key] else {
          throw unknown(key, in: path, members, line: line(of: keyNode))
        }
        let others = members
        members[key] = try self.value(value, onto: before, path: place) {
          try check(.object(others.merging([key: $0]) { _, new in new }))
        }
      }
      return .object(members)
    case .array(let elements):
      guard let sequence = node.sequence else { throw fail("a list such as [a, b]") }
      return .array(
        try sequence.enumerated().map { index, item in
          guard let model = elements.first else { return try newValue(of: item, path) }
          return try self.value(item, onto: model, path: "\(path)[\(index)]") {
            try check(.array([$0] + elements.dropFirst()))
          }
        })
    case .bool:
      guard let value = node.bool else { throw fail("true or false") }
      return .bool(value)
    case .integer, .number:
      let value: JSONValue
      if let number = node.int {
        value = .integer(number)
      } else {
        guard let number = node.float, number.isFinite else { throw fail("a number") }
        value = .number(number)
      }
      // Whether a fraction or a sign is allowed only the settings' type knows.
      guard (try? check(value)) != nil else { throw fail("a whole number that is large enough") }
      return value
    case .string:
      guard let scalar = node.scalar else { throw fail("a text") }
      do {
        try check(.string(scalar.string))
      } catch DecodingError.dataCorrupted(let context) {
        throw SettingsError(
          file: file, line: line(of: node), message: "\(path): \(context.debugDescription)")
      }
      return .string(scalar.string)
    case .null: return try newValue(of: node, path)
    }
  }

  /// A value whose kind nothing says.
  private func newValue(of node: Node, _ path: String) throws -> JSONValue {
    if node.null != nil { return .null }
    if let value = node.bool { return .bool(value) }
    if let value = node.int { return .integer(value) }
    if let value = node.float, value.isFinite { return .number(value) }
    if let scalar = node.scalar { return .string(scalar.string) }
    if let sequence = node.sequence {
      return .array(try sequence.map { try newValue(of: $0, path) })
    }
    throw SettingsError(
      file: file, line: line(of: node), message: "\(path) must not hold keys")
  }

  private func unknown(
    _ key: String, in path: String, _ members: [String: JSONValue], line: Int
  ) -> SettingsError {
    let keys = members.keys.sorted().filter {
      !derived.contains(path.isEmpty ? $0 : "\(path).\($0)")
    }
    let guess = NearestName.of(key, among: keys).map { "; did you mean \($0)?" } ?? "."
    return SettingsError(
      file: file, line: line,
      message: "unknown key '\(key)'\(path.isEmpty ? "" : " in \(path)")\(guess) Keys: "
        + keys.joined(separator: ", "))
  }

  private func line(of node: Node) -> Int { node.mark?.line ?? 0 }
}

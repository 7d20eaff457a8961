import Foundation

/// A value of JSON: settings and facts of a stage, whatever their shape.
public enum JSONValue: Hashable, Sendable {
  /// No value.
  case null
  /// True or false.
  case bool(Bool)
  /// A whole number.
  case integer(Int)
  /// Any other number.
  case number(Double)
  /// Text.
  case string(String)
  /// Values in order.
  case array([JSONValue])
  /// Named values.
  case object([String: JSONValue])

  /// The JSON of any value that can be encoded.
  ///
  /// - Parameter value: settings, for example.
  /// - Throws: `EncodingError`, such as for a number that is not finite.
  public init(encoding value: some Encodable) throws {
    self = try JSONDecoder().decode(JSONValue.self, from: JSONEncoder().encode(value))
  }

  /// Decodes a value of the type that was encoded.
  ///
  /// - Parameter type: what to read.
  /// - Returns: the value.
  /// - Throws: `DecodingError` where the JSON has another shape.
  public func decoded<Value: Decodable>(as type: Value.Type = Value.self) throws -> Value {
    try JSONDecoder().decode(type, from: JSONEncoder().encode(self))
  }

  /// The same text for the same value: keys in order, no spaces.
  var canonicalText: String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    // A JSONValue holds nothing that JSON can't.
    return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "null"
  }

  /// Every value that is no object, by its path, such as `"optimizer.rate"`.
  func leaves(at path: String = "") -> [String: JSONValue] {
    guard case .object(let members) = self else { return [path: self] }
    return members.reduce(into: [:]) { leaves, member in
      let place = path.isEmpty ? member.key : "\(path).\(member.key)"
      leaves.merge(member.value.leaves(at: place)) { first, _ in first }
    }
  }
}

extension JSONValue: Codable {
  /// Reads any JSON.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .bool(value)
    } else if let value = try? container.decode(Int.self) {
      self = .integer(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONValue].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONValue].self))
    }
  }

  /// Writes the value.
  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .null: try container.encodeNil()
    case .bool(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .string(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    }
  }
}

extension JSONValue: CustomStringConvertible {
  /// Text without quotes, everything else as JSON.
  public var description: String {
    if case .string(let value) = self { return value }
    return canonicalText
  }
}

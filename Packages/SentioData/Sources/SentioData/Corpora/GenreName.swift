/// Brings genre names as DEAM's files have them to one spelling.
enum GenreName {
  /// Spellings by lower-case name; a name may contain the hyphen that otherwise joins genres.
  private static let spellings: [String: String] = {
    let names = [
      "Acoustic", "Ambient", "Avant-Garde", "Blues", "Classical", "Country", "Disco", "Electronic",
      "Experimental", "Folk", "Funk", "Fusion", "Gospel", "Groove", "Hip-Hop", "Historic", "Indie",
      "Instrumental", "International", "Jazz", "Latin", "Metal", "Old-Time", "Pop", "Punk",
      "Reggae",
      "Rock", "Soul", "Spoken", "World",
    ]
    var table = Dictionary(uniqueKeysWithValues: names.map { ($0.lowercased(), $0) })
    table["hiphop"] = "Hip-Hop"
    table["hip hop"] = "Hip-Hop"
    table["rap"] = "Hip-Hop"
    table["soulrb"] = "Soul-R&B"
    table["soul-rb"] = "Soul-R&B"
    table["r&b"] = "Soul-R&B"
    table["singer/songwriter"] = "Singer-Songwriter"
    table["singer-songwriter"] = "Singer-Songwriter"
    table["easy listening"] = "Easy Listening"
    return table
  }()

  /// The genres in a text such as `Blues-SoulRB-Hip-Hop` or `World/Folk`, in its order.
  ///
  /// Empty when any part is no known genre: such a text is another field's.
  static func clean(_ text: String) -> [String] {
    if let whole = spellings[text.lowercased()] { return [whole] }
    var genres: [String] = []
    var rest = text.split(whereSeparator: { "-/,;|".contains($0) })
      .map { $0.trimming().lowercased() }[...]
    while let first = rest.first {
      // The longest name first: Hip-Hop before Hip.
      if rest.count >= 2, let joined = spellings["\(first)-\(rest[rest.startIndex + 1])"] {
        genres.append(joined)
        rest = rest.dropFirst(2)
      } else if let single = spellings[first] {
        genres.append(single)
        rest = rest.dropFirst()
      } else {
        return []
      }
    }
    var seen: Set<String> = []
    return genres.filter { seen.insert($0).inserted }
  }
}

extension StringProtocol {
  /// The text without spaces and TABs at both ends.
  func trimming() -> String {
    var text = Substring(self)
    while text.first == " " || text.first == "\t" { text.removeFirst() }
    while text.last == " " || text.last == "\t" { text.removeLast() }
    return String(text)
  }
}

import Foundation
import SentioTensor

/// Pieces as lists of the pitches that sound at each step, in the three parts of a published split.
///
/// The format is that of the chorales and of the piano rolls of Boulanger-Lewandowski: a JSON object with `train`,
/// `valid` and `test`, each a list of pieces, a piece a list of steps, a step a list of MIDI numbers.
public struct SymbolicMusic: Sendable, Hashable {
  /// Why a file could not be used.
  public struct Failure: Error, Hashable, CustomStringConvertible {
    /// The file.
    public let path: String
    /// What is wrong with it, and where.
    public let reason: String

    /// A sentence for people.
    public var description: String { "\(path): \(reason)" }
  }

  /// Pieces: steps of pitches.
  public typealias Pieces = [[[Int]]]

  /// What is learned from.
  public let training: Pieces
  /// What choices are made by.
  public let validation: Pieces
  /// What results are measured on.
  public let test: Pieces

  /// The most bytes that a file may have.
  public static let largestFile = 256 << 20

  /// Reads a file.
  ///
  /// - Parameter url: the JSON file, not compressed.
  /// - Throws: ``Failure``, also where it cannot be read.
  public init(contentsOf url: URL) throws {
    let data: Data
    do {
      let size = try FileManager.default.attributesOfItem(atPath: url.path)[.size] as? Int ?? 0
      guard size <= Self.largestFile else {
        throw Failure(path: url.path, reason: "\(size) bytes, above \(Self.largestFile)")
      }
      data = try Data(contentsOf: url)
    } catch let failure as Failure {
      throw failure
    } catch {
      throw Failure(
        path: url.path, reason: "can't be read; name the folder that holds the published JSON files"
      )
    }
    try self.init(data, path: url.path)
  }

  /// Reads the bytes of a file.
  ///
  /// - Parameters:
  ///   - data: the JSON text.
  ///   - path: the file's path, for errors.
  /// - Throws: ``Failure``.
  public init(_ data: Data, path: String) throws {
    guard data.first != 0x1f else {
      throw Failure(path: path, reason: "is compressed; unpack it first: gunzip -k \(path)")
    }
    let parts: [String: Pieces]
    do {
      parts = try JSONDecoder().decode([String: Pieces].self, from: data)
    } catch {
      throw Failure(
        path: path,
        reason: "an object of pieces of steps of whole numbers is expected (\(error))")
    }
    func part(_ name: String) throws -> Pieces {
      guard let pieces = parts[name] else {
        throw Failure(
          path: path, reason: "has no part '\(name)'; it has \(parts.keys.sorted())")
      }
      for (number, piece) in pieces.enumerated() {
        for (step, pitches) in piece.enumerated() {
          if let wrong = pitches.first(where: { !(0...127).contains($0) }) {
            throw Failure(
              path: path,
              reason: "\(name), piece \(number), step \(step): \(wrong) is not a MIDI number")
          }
        }
      }
      return pieces
    }
    training = try part("train")
    validation = try part("valid")
    test = try part("test")
  }

  /// Pieces as piano rolls of 88 keys, from A0 (21) on; other pitches and pieces of less than two steps are left out.
  ///
  /// - Parameters:
  ///   - pieces: a part.
  ///   - name: what the ids start with.
  /// - Returns: a roll each.
  public static func pianoRolls(_ pieces: Pieces, name: String) -> [PianoRoll] {
    pieces.enumerated().filter { $1.count >= 2 }.map { number, piece in
      PianoRoll(
        id: "\(name) \(number)",
        steps: piece.map { Set($0).sorted().map { $0 - 21 }.filter { (0..<88).contains($0) } })
    }
  }

  /// The highest voice of pieces as tokens: 0 for silence and the end, 1 + pitch − `lowest` for notes.
  ///
  /// - Parameters:
  ///   - pieces: a part.
  ///   - name: what the ids start with.
  ///   - pitches: the pitches that have a token; lower and higher ones are moved by octaves. 12 at least.
  /// - Returns: a sequence each, the end included; pieces without steps are left out.
  public static func melodies(
    _ pieces: Pieces, name: String, pitches: ClosedRange<Int> = 48...95
  ) -> [TokenSequence] {
    precondition(pitches.count >= 12, "\(pitches) is less than an octave")
    return pieces.enumerated().filter { !$1.isEmpty }.map { number, piece in
      let tokens = piece.map { step -> Int in
        guard var pitch = step.max() else { return 0 }
        while pitch < pitches.lowerBound { pitch += 12 }
        while pitch > pitches.upperBound { pitch -= 12 }
        return 1 + pitch - pitches.lowerBound
      }
      return TokenSequence(id: "\(name) \(number)", tokens: tokens + [0])
    }
  }
}

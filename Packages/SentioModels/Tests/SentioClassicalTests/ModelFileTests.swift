import Foundation
import SentioClassical
import SentioMetrics
import SentioTensor
import Testing

private struct FrontEndUnderTest: Codable, Equatable {
  var sampleRate: Int
  var features: String
}

@Suite final class ModelFileTests {
  let folder: URL
  let x: Design
  let y: Targets

  init() throws {
    folder = FileManager.default.temporaryDirectory.appending(
      path: "sentio-model-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    (x, y) = try randomTable(rows: 60, columns: 4, seed: 6)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  static let settings: [Pipeline.Settings] = [
    .init(.ridge(.init(alpha: 0.5))),
    .init(.ridge(.init(fitsIntercept: false)), standardizes: false),
    .init(.supportVector(.init(gamma: .value(0.2))), selection: .univariateF(count: 2)),
    .init(.supportVector(.init(epsilon: 9))),
    .init(.boostedTrees(.init(rounds: 8, earlyStopping: .init(patience: 2)))),
    .init(
      .boostedTrees(.init(rounds: 3, splits: .exact)),
      selection: .byTrees(count: 3, .init(rounds: 2)), constantColumns: .drop),
  ]

  private func file(_ settings: Pipeline.Settings) throws -> EmotionModelFile {
    try EmotionModelFile(
      .pipeline(Pipeline(x, y, settings: settings)), labelScale: .unit,
      provenance: Provenance(
        corpus: "random \"table\"", rowCount: 60, seed: 6, scores: ["cv.r2": 0.5],
        notes: ["split": "none"]))
  }

  @Test(arguments: settings) func whatIsWrittenIsRead(settings: Pipeline.Settings) throws {
    var model = try file(settings)
    let frontEnd = FrontEndUnderTest(sampleRate: 22_050, features: "report164")
    try model.setFrontEnd(frontEnd)
    let url = folder.appending(path: "model.sentio")
    try model.write(to: url)
    let read = try EmotionModelFile(contentsOf: url)
    #expect(read == model)
    #expect(try read.predict(x) == model.predict(x), "bit for bit")
    #expect(try read.frontEnd(FrontEndUnderTest.self) == frontEnd)
    let again = folder.appending(path: "again.sentio")
    try read.write(to: again)
    #expect(try Data(contentsOf: again) == Data(contentsOf: url), "the same bytes")
  }

  @Test func averagesAreReadWithTheirWeights() throws {
    let members = try Self.settings.prefix(3).map { try Pipeline(x, y, settings: $0) }
    let average = try AveragedRegressor(members, weights: [1, 2, 3, 3, 2, 1])
    let model = EmotionModelFile(
      .average(average), labelScale: .interval(lower: -10, upper: 10), provenance: Provenance())
    let url = folder.appending(path: "mean.sentio")
    try model.write(to: url)
    let read = try EmotionModelFile(contentsOf: url)
    #expect(read == model)
    #expect(try read.predict(x) == average.predict(x))
  }

  // MARK: Hostile files

  /// A sound file of `settings` with its configuration and tensors changed by `change`.
  private func forge(
    _ settings: Pipeline.Settings,
    _ change: (inout [String: Any], inout [Safetensors.Content]) throws -> Void
  ) throws -> URL {
    let sound = folder.appending(path: "sound.sentio")
    try file(settings).write(to: sound)
    let parts = try Safetensors(contentsOf: sound)
    let text = try #require(parts.metadata["sentio.config"])
    let object = try JSONSerialization.jsonObject(with: Data(text.utf8))
    var configuration = try #require(object as? [String: Any])
    var contents = try parts.names.map { name -> Safetensors.Content in
      let entry = parts.tensors[name]!
      return Safetensors.Content(
        name, shape: entry.shape, elementType: entry.elementType,
        bytes: try parts.withBytes(of: name) { Array($0) })
    }
    try change(&configuration, &contents)
    let forged = folder.appending(path: "forged.sentio")
    let changed = String(
      decoding: try JSONSerialization.data(withJSONObject: configuration), as: UTF8.self)
    try Safetensors.write(
      contents,
      metadata: ["sentio.format": parts.metadata["sentio.format"]!, "sentio.config": changed],
      to: forged)
    return forged
  }

  private func expectRefusal(
    of url: URL, part: String, location: SourceLocation = #_sourceLocation
  ) {
    do {
      _ = try EmotionModelFile(contentsOf: url)
      Issue.record("the file was accepted", sourceLocation: location)
    } catch let error as ModelFileError {
      #expect(
        error.part.contains(part) && error.path == url.path, "\(error)",
        sourceLocation: location)
    } catch {
      Issue.record("\(error)", sourceLocation: location)
    }
  }

  private func replace(
    _ contents: inout [Safetensors.Content], _ name: String,
    by make: (Safetensors.Content) -> Safetensors.Content
  ) throws {
    let place = try #require(contents.firstIndex { $0.name == name })
    contents[place] = make(contents[place])
  }

  @Test func countsThatDisagree() throws {
    let ridge = Self.settings[0]
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["columns"] = ["a", "a", "b"] },
      part: "columns")
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["outputs"] = ["valence"] },
      part: "ridge.coefficients")
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["members"] = [Any]() },
      part: "members")
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["weights"] = [1.0] },
      part: "weights")
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["columns"] = 3 },
      part: "sentio.config")
    expectRefusal(
      of: try forge(ridge) { configuration, _ in configuration["frontEnd"] = "{" },
      part: "frontEnd")
  }

  private func member(
    _ configuration: inout [String: Any], _ change: (inout [String: Any]) -> Void
  ) throws {
    var members = try #require(configuration["members"] as? [[String: Any]])
    change(&members[0])
    configuration["members"] = members
  }

  @Test(arguments: [[0, 0], [1, 0], [-1, 2], [0, 4], []]) func badSelections(selected: [Int]) throws
  {
    expectRefusal(
      of: try forge(Self.settings[2]) { configuration, _ in
        try self.member(&configuration) { $0["selected"] = selected }
      }, part: "selected")
  }

  @Test func numbersThatAreNone() throws {
    let url = try forge(Self.settings[0]) { _, contents in
      try self.replace(&contents, "member.0.ridge.intercepts") {
        Safetensors.Content($0.name, shape: $0.shape, doubles: [1, .nan])
      }
    }
    expectRefusal(of: url, part: "intercepts[1]")
    let zero = try forge(Self.settings[0]) { _, contents in
      try self.replace(&contents, "member.0.scaler.scales") {
        Safetensors.Content($0.name, shape: $0.shape, doubles: [1, 0, 1, 1])
      }
    }
    expectRefusal(of: zero, part: "scaler.scales")
    let gamma = try forge(Self.settings[2]) { configuration, _ in
      try self.member(&configuration) { $0["gamma"] = -1 }
    }
    expectRefusal(of: gamma, part: "gamma")
    let huge = try forge(Self.settings[2]) { configuration, _ in
      try self.member(&configuration) { $0["supportVectorCount"] = Int.max }
    }
    expectRefusal(of: huge, part: "svr.vectors")
  }

  @Test func tensorsThatAreMissingOrTooMany() throws {
    expectRefusal(
      of: try forge(Self.settings[0]) { _, contents in
        contents.removeAll { $0.name == "member.0.scaler.means" }
      }, part: "scaler.means")
    expectRefusal(
      of: try forge(Self.settings[0]) { _, contents in
        contents.append(Safetensors.Content("surplus", shape: [1], doubles: [1]))
      }, part: "surplus")
    expectRefusal(
      of: try forge(Self.settings[0]) { _, contents in
        try self.replace(&contents, "member.0.ridge.coefficients") {
          Safetensors.Content($0.name, shape: $0.shape, floats: [Float](repeating: 1, count: 8))
        }
      }, part: "ridge.coefficients")
  }

  /// Every node index that could send a walk out of the arrays or round in a circle.
  @Test(arguments: [
    ("features", Int32(4)), ("features", Int32(-2)), ("features", Int32.max),
    ("first_child", Int32(0)), ("first_child", Int32(-1)), ("first_child", Int32.max),
    ("roots", Int32(1)), ("roots", Int32(-1)),
  ])
  func treesThatAreNone(array: String, value: Int32) throws {
    let url = try forge(Self.settings[4]) { _, contents in
      let name = "member.0.trees.0.\(array)"
      let sound = try Safetensors(contentsOf: self.folder.appending(path: "sound.sentio"))
        .withBytes(of: name) { Array($0) }
      try self.replace(&contents, name) { content in
        var bytes = sound
        bytes.withUnsafeMutableBytes { $0.storeBytes(of: value.littleEndian, as: Int32.self) }
        return Safetensors.Content(
          content.name, shape: content.shape, elementType: .int32, bytes: bytes)
      }
    }
    expectRefusal(of: url, part: "trees.0")
  }

  @Test func otherVersionsAndOtherFiles() throws {
    let url = folder.appending(path: "other.sentio")
    for (version, part) in [("2", "sentio.format"), ("0", "sentio.format"), ("x", "sentio.format")]
    {
      try Safetensors.write([], metadata: ["sentio.format": version], to: url)
      expectRefusal(of: url, part: part)
    }
    try Safetensors.write([], to: url)
    expectRefusal(of: url, part: "sentio.format")
    try Data("not a model".utf8).write(to: url)
    #expect(throws: SafetensorsError.self) { try EmotionModelFile(contentsOf: url) }
    #expect(throws: FileError.self) {
      try EmotionModelFile(contentsOf: folder.appending(path: "nowhere.sentio"))
    }
  }

  /// Cut and altered copies must throw or read as something; none may trap.
  @Test func damagedBytesNeverTrap() throws {
    let url = folder.appending(path: "whole.sentio")
    try file(Self.settings[4]).write(to: url)
    let bytes = [UInt8](try Data(contentsOf: url))
    let damaged = folder.appending(path: "damaged.sentio")
    var refused = 0
    for step in 0..<150 {
      var copy = bytes
      if step % 3 == 0 {
        copy = Array(bytes.prefix(bytes.count * step / 150))
      } else {
        copy[(step &* 7919) % bytes.count] ^= UInt8(truncatingIfNeeded: 1 << (step % 8))
      }
      try Data(copy).write(to: damaged)
      do {
        _ = try EmotionModelFile(contentsOf: damaged).predict(x)
      } catch {
        refused += 1
      }
    }
    #expect(refused >= 50, "every cut copy at least")
  }

  @Test(arguments: [
    "{}", "[]", "", "{\"learner\": 3}",
    #"{"learner":{"gradient_booster":{"model":{"trees":[{"left_children":[1,1,-1],"right_children":[1,2,-1],"split_indices":[0,0,0],"split_conditions":[0,0,0],"loss_changes":[0,0,0],"sum_hessian":[1,1,1]}]}},"learner_model_param":{"base_score":"0","num_feature":"1"},"objective":{"name":"reg:squarederror"}}}"#,
    #"{"learner":{"gradient_booster":{"model":{"trees":[]}},"learner_model_param":{"base_score":"nan","num_feature":"1"},"objective":{"name":"reg:squarederror"}}}"#,
    #"{"learner":{"gradient_booster":{"model":{"trees":[]}},"learner_model_param":{"base_score":"0","num_feature":"1"},"objective":{"name":"binary:logistic"}}}"#,
  ])
  func foreignTreesThatAreNone(json: String) {
    #expect(throws: ClassicalError.self) { try TreeEnsemble(xgboostJSON: Data(json.utf8)) }
  }
}

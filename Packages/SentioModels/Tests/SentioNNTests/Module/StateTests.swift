import Foundation
import SentioNN
import SentioTensor
import Testing

@Suite struct StateTests {
  @Test func aStateHasEveryParameterAndPersistentBuffer() {
    #expect(
      Net().stateDictionary.keys.sorted() == [
        "body.first.bias", "body.first.kernel", "calls", "head.bias", "head.kernel",
        "list.0.kernel", "list.1.kernel",
      ])
  }

  @Test func aModelTakesAState() throws {
    var source = Net()
    source.first.weight = [[9, 8], [7, 6], [5, 4]]
    source.calls = Tensor(12)
    var net = Net()
    #expect(try net.load(source.stateDictionary).isEmpty)
    #expect(net.stateDictionary == source.stateDictionary)
  }

  @Test func whatDoesNotFitIsNamedAndNothingIsTaken() {
    var net = Net()
    var state = net.stateDictionary
    state["list.0.kernel"] = nil
    state["list.7.kernel"] = [1]
    state["head.kernel"] = [[1, 2, 3]]
    state["body.first.bias"] = [5, 5, 5]
    let error = #expect(throws: StateError.self) { try net.load(state, from: "a.safetensors") }
    #expect(error?.missing == ["list.0.kernel"])
    #expect(error?.unexpected == ["list.7.kernel"])
    #expect(error?.mismatched == [.init(path: "head.kernel", expected: [1, 2], found: [1, 3])])
    #expect(
      error?.description
        == "a.safetensors does not fit the model: 1 missing: list.0.kernel; 1 unexpected: "
        + "list.7.kernel; 1 of another shape: head.kernel is [1, 3] and should be [1, 2]")
    #expect(net.first.bias == [1, 1, 1])
  }

  @Test func whatIsToleratedIsReported() throws {
    var net = Net()
    var state = net.stateDictionary
    state["list.0.kernel"] = nil
    state["extra"] = [1]
    state["body.first.bias"] = [5, 5, 5]
    #expect(throws: StateError.self) { try net.load(state, tolerating: .missing) }
    let report = try net.load(state, tolerating: [.missing, .unexpected])
    #expect(report.missing == ["list.0.kernel"])
    #expect(report.unexpected == ["extra"])
    #expect(net.first.bias == [5, 5, 5])
    #expect(net.list[0].weight == [[1, 0, 0], [0, 1, 0]])
  }

  @Test func aFileGivesBackWhatItWasGiven() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "net.safetensors")
    var source = Net()
    source.head?.weight = [[0.1, -0.2]]
    source.calls = Tensor(3)
    try source.write(to: file)
    var net = Net()
    try net.load(contentsOf: file)
    #expect(net.stateDictionary == source.stateDictionary)

    var headless = Net(head: false)
    let error = #expect(throws: StateError.self) { try headless.load(contentsOf: file) }
    #expect(error?.source == file.path)
    #expect(error?.unexpected == ["head.bias", "head.kernel"])
    #expect(try headless.load(contentsOf: file) { $0.hasPrefix("head") ? nil : $0 }.isEmpty)
    let collision = #expect(throws: StateError.self) {
      try headless.load(contentsOf: file) { $0.hasPrefix("head") ? "calls" : $0 }
    }
    #expect(collision?.unexpected == ["head.bias", "head.kernel"])

    try Safetensors.write([.init("head.bias", shape: [2], floats: [1, 2])], to: file)
    let shapes = #expect(throws: StateError.self) {
      try net.load(contentsOf: file, tolerating: .missing)
    }
    #expect(shapes?.mismatched == [.init(path: "head.bias", expected: [1], found: [2])])
  }

  @Test func manyTasksComputeWithOneCopy() async {
    let net = Net()
    let inputs = (0..<16).map { Tensor([Float($0), 1], shape: [1, 2]) }
    let sum = await withTaskGroup(of: Tensor.self) { group in
      for x in inputs { group.addTask { net(x) } }
      return await group.reduce(Tensor(0)) { $0 + $1 }
    }
    #expect(sum == inputs.reduce(Tensor(0)) { $0 + net($1) })
  }
}

import Foundation
import SentioModels
import SentioNN
import SentioTensor
import Testing

@testable import SentioInterchange

@Suite("TorchScript files")
struct TorchScriptTests {
  @Test("What is written is read again, under the names of the state", arguments: SmallNetwork.all)
  func roundTrip(_ small: SmallNetwork) throws {
    try withTemporaryFolder { folder in
      let network = small.network()
      let url = folder.appendingPathComponent("network.pt")
      try TorchScriptFile.export(network, inputShape: small.inputShape, to: url)
      let archive = try TorchArchive(contentsOf: url)
      for (name, value) in network.stateDictionary {
        #expect(archive.shape(of: name) == Array(value.shape), "\(name)")
        let found = try archive.tensor(name)
        #expect(found.scalars == value.scalars, "\(name)")
      }
    }
  }

  @Test("The archive has what PyTorch looks for, numbers at multiples of 64")
  func layout() throws {
    try withTemporaryFolder { folder in
      let small = SmallNetwork.transformers[0]
      let url = folder.appendingPathComponent("network.pt")
      let network = small.network()
      try TorchScriptFile.export(network, inputShape: small.inputShape, to: url)
      let archive = try ZIPArchive(contentsOf: url)
      #expect(archive.names.starts(with: ["network/data.pkl", "network/code/__torch__.py"]))
      #expect(archive.names.suffix(2) == ["network/.data/version", "network/byteorder"])
      let code = try archive.withBytes(of: "network/code/__torch__.py") {
        String(decoding: $0, as: UTF8.self)
      }
      #expect(code.contains("class Network(Module):"))
      #expect(
        code.contains("  def forward(self: __torch__.Network,\n    input: Tensor) -> Tensor:"))
      // Blocks of the same members are one class.
      let blocks = code.components(separatedBy: "layernorm_before : ").count - 1
      #expect(blocks == 1)
      let bytes = [UInt8](try Data(contentsOf: url))
      for name in archive.names where name.hasPrefix("network/data/") {
        let start = try archive.withBytes(of: name) { member in
          bytes.withUnsafeBytes { file in
            (0..<file.count / 64).first { block in
              let rest = UnsafeRawBufferPointer(
                rebasing: file[(block * 64)...].prefix(member.count))
              return rest.elementsEqual(member)
            }
          }
        }
        #expect(start != nil, "\(name) does not begin at a multiple of 64")
      }
    }
  }

  @Test("A GRU that PyTorch does not have is refused by its path")
  func unsupported() throws {
    try withTemporaryFolder { folder in
      var stream = RandomStream(seed: 1, "weights")
      let network = Sequential { RecurrentLayer(.gru(resetAfter: false), 3, 2, from: &stream) }
      let url = folder.appendingPathComponent("network.pt")
      #expect(throws: InterchangeError.self) {
        try TorchScriptFile.export(network, inputShape: [4, 3], to: url)
      }
      #expect(!FileManager.default.fileExists(atPath: url.path))
      // ONNX has it.
      let other = folder.appendingPathComponent("network.onnx")
      try ONNXFile.export(network, inputShape: [4, 3], to: other)
    }
  }
}

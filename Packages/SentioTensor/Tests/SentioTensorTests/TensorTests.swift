import Foundation
import SentioTensor
import Testing

@Suite struct TensorTests {
  @Test func literalsHaveTheirShape() {
    let matrix: Tensor = [[1, 2, 3], [4, 5, 6]]
    #expect(matrix.shape == [2, 3] && matrix.scalars == [1, 2, 3, 4, 5, 6])
    let vector: Tensor = [1.5, -2]
    #expect(vector.shape == [2] && vector.scalars == [1.5, -2])
    let nothing: Tensor = []
    #expect(nothing.shape == [0] && nothing.scalars.isEmpty)
    let deep: Tensor = [[[1], [2]], [[3], [4]], [[5], [6]]]
    #expect(deep.shape == [3, 2, 1])
  }

  @Test func aCopyIsAValueOfItsOwn() {
    let a: Tensor = [1, 2, 3]
    var b = a
    b.withUnsafeMutableBufferPointer { $0[0] = 9 }
    #expect(a.scalars == [1, 2, 3] && b.scalars == [9, 2, 3])
    var c = b.reshaped([3, 1])
    c.withUnsafeMutableBufferPointer { $0[1] = 8 }
    #expect(b.scalars == [9, 2, 3] && c.scalars == [9, 8, 3] && c.shape == [3, 1])
  }

  @Test func reshapeFillsInWhatIsLeft() {
    let ramp = Tensor.ramp(24)
    #expect(ramp.reshaped([2, -1, 4]).shape == [2, 3, 4])
    #expect(ramp.reshaped([24]) == ramp)
    #expect(Tensor(7).reshaped([1, 1]).scalar == 7)
    #expect(Tensor.zeros([0, 3]).reshaped([3, 0]).count == 0)
  }

  @Test func elementsAreAligned() {
    for count in [0, 1, 3, 17, 1000, 2_000_000] {
      let tensor = Tensor.zeros([count])
      tensor.withUnsafeBufferPointer { #expect(Int(bitPattern: $0.baseAddress) % 64 == 0) }
    }
  }

  @Test func creationMatchesItsFormulas() {
    #expect(Tensor.identity(2) == [[1, 0], [0, 1]])
    #expect(Tensor.linearSpace(0...1, count: 3) == [0, 0.5, 1])
    #expect(Tensor.linearSpace(2...5, count: 1) == [2])
    #expect(Tensor.oneHot([2, 0], depth: 3) == [[0, 0, 1], [1, 0, 0]])
    #expect(Tensor.ramp(3, from: 1, by: -0.5) == [1, 0.5, 0])
  }

  @Test func shapesBroadcastByNumPysRule() {
    #expect(Shape([2, 3]).broadcast(with: [3]) == [2, 3])
    #expect(Shape([4, 1, 5]).broadcast(with: [3, 1]) == [4, 3, 5])
    #expect(Shape([]).broadcast(with: [0]) == [0])
    #expect(Shape([1]).broadcast(with: [0]) == [0])
    #expect(Shape([2, 3]).broadcast(with: [2]) == nil)
    #expect(Shape([2, 3, 4]).strides == [12, 4, 1])
    #expect(Shape([2, 3]).description == "[2, 3]")
  }

  @Test func descriptionsStayShort() {
    #expect(Tensor(2).description == "Tensor [] 2")
    let matrix: Tensor = [[1, 2], [3, 4.5]]
    #expect(matrix.description == "Tensor [2, 2] [[1, 2],\n [3, 4.5]]")
    let vector = Tensor.ramp(5000)
    #expect(vector.description == "Tensor [5000] [0, 1, 2, …, 4997, 4998, 4999]")
    #expect(Tensor.zeros([64, 64, 64, 64]).description.count < 3000)
    #expect(Tensor([.nan, .infinity, 1e30]).description == "Tensor [3] [nan, inf, 1e+30]")
    #expect(Tensor.zeros([0, 3]).description == "Tensor [0, 3] []")
  }

  @Test func thePoolGivesBackWhatItTook() {
    // Other tests run meanwhile, so that only this size's behaviour is certain.
    func step() { _ = Tensor.zeros([12_345_678]) }
    step()
    let before = TensorMemory.statistics
    for _ in 0..<10 { step() }
    let after = TensorMemory.statistics
    #expect(after.allocations >= before.allocations + 10)
    #expect(after.peakBytesInUse >= 12_345_678 * 4)
  }

  @Test func filesRoundTrip() throws {
    let folder = try TemporaryFolder()
    let tensor: Tensor = [[1, -2.5], [1e30, 4]]
    try tensor.write(npy: folder("a.npy"))
    #expect(try Tensor(npy: folder("a.npy")) == tensor)
    try Safetensors.write([Safetensors.Content("t", tensor)], to: folder("a"))
    #expect(try Safetensors(contentsOf: folder("a")).tensor("t") == tensor)
  }
}

import Foundation
import SentioTensor

extension FuzzedReader {
  /// NumPy's archives: the directory, the members' headers, what is deflated in them, and the arrays.
  static let npz = FuzzedReader(
    name: "npz", share: 2, realExtensions: ["npz"],
    makeOriginals: {
      let folder = try SeedFolder()
      let stored = try folder.bytes("stored.npz") {
        try NPZArchive.write(
          ["a": Tensor.ramp(24).reshaped([2, 3, 4]), "folder/b": Tensor(7), "c": .zeros([0, 3])],
          to: $0)
      }
      let none = try folder.bytes("none.npz") { try NPZArchive.write([:], to: $0) }
      guard let deflated = Data(base64Encoded: Self.deflated) else {
        stop("the deflated archive is not in Base64")
      }
      return [stored, [UInt8](deflated), none].map { Original(path: "arrays.npz", bytes: $0) }
    },
    read: { file, _ in
      outcome(refusing: { $0 is NPYError || $0 is FileError }) {
        let archive = try NPZArchive(contentsOf: file)
        // A damaged member does not keep the others from being read, and is refused by itself.
        var refusal: (any Error)?
        for name in archive.names {
          do {
            let shape = try archive.shape(name)
            let count = try archive.floats(name).count
            precondition(count == shape.reduce(1, *))
            _ = try archive.doubles(name)
            _ = try? archive.integers(name)
            _ = try archive.tensor(name).description
          } catch {
            refusal = error
          }
        }
        if let refusal { throw refusal }
      }
    })

  /// What `numpy.savez_compressed` wrote: floats `[20, 15]` and five integers; no writer here deflates.
  private static let deflated =
    "UEsDBC0AAAAIAAAAIQCj6UO0//////////8FABQAYS5ucHkBABAAMAUAAAAAAACAAAAAAAAAAJvs"
    + "F+obEMnIUMZQrZ6SWpxcpG6loG6TZqKuo6Cell9UUpSYF59flJIKEndLzClOBYoXZyQWpAL5GkYG"
    + "OgqGppo6CrUKZAIuBjBosAcSDkAExA1AvACIDwDxAyBmcGRgEABiBSA2AGIHIA4A4gQgLgDiBsdR"
    + "M0bNGDVj1Ax6mAEAUEsDBC0AAAAIAAAAIQDLd52p//////////8FABQAbi5ucHkBABAAqAAAAAAA"
    + "AABRAAAAAAAAAJvsF+obEMnIUMZQrZ6SWpxcpG6loG6TaaGuo6Cell9UUpSYF59flJIKEndLzClO"
    + "BYoXZyQWpAL5GqY6mjoKtQoUAC4GKGCE0kxQmhlKs0BpAFBLAQItAy0AAAAIAAAAIQCj6UO0gAAA"
    + "ADAFAAAFAAAAAAAAAAAAAACAAQAAAABhLm5weVBLAQItAy0AAAAIAAAAIQDLd52pUQAAAKgAAAAF"
    + "AAAAAAAAAAAAAACAAbcAAABuLm5weVBLBQYAAAAAAgACAGYAAAA/AQAAAAA="
}

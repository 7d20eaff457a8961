/// Numbers in ascending order, in time that grows with their count alone.
///
/// A feature's row is a thousand floats or so, and a hundred rows make a song: four passes by byte take a fifth of the
/// comparisons' time there, and no input is a bad one. The numbers must not be NaN.
func radixSorted(_ values: [Float]) -> [Float] {
  if values.count < 2 { return values }
  // As unsigned integers, negative floats are ordered backwards and above the positive ones.
  var keys = values.map { value -> UInt32 in
    let bits = value.bitPattern
    return bits & 0x8000_0000 == 0 ? bits | 0x8000_0000 : ~bits
  }
  var sorted = [UInt32](repeating: 0, count: keys.count)
  for shift in stride(from: UInt32(0), to: 32, by: 8) {
    keys.withUnsafeBufferPointer { keys in
      sorted.withUnsafeMutableBufferPointer { sorted in
        withUnsafeTemporaryAllocation(of: Int.self, capacity: 256) { starts in
          starts.initialize(repeating: 0)
          for key in keys { starts[Int(key &>> shift & 0xFF)] &+= 1 }
          var total = 0
          for digit in 0..<256 { (starts[digit], total) = (total, total + starts[digit]) }
          for key in keys {
            let digit = Int(key &>> shift & 0xFF)
            sorted[starts[digit]] = key
            starts[digit] &+= 1
          }
        }
      }
    }
    swap(&keys, &sorted)
  }
  return keys.map { Float(bitPattern: $0 & 0x8000_0000 == 0 ? ~$0 : $0 & 0x7FFF_FFFF) }
}

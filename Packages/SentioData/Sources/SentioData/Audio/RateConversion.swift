import CFFmpeg

/// A whole signal at another rate; `⌈N · to / from⌉` frames.
func resampled(_ samples: [Float], from: Int, to: Int) -> [Float] {
  guard from != to, !samples.isEmpty else { return samples }
  let count = Int((Double(samples.count) * Double(to) / Double(from)).rounded(.up))
  var context: OpaquePointer?
  var mono = AVChannelLayout()
  av_channel_layout_default(&mono, 1)
  var alsoMono = mono
  swr_alloc_set_opts2(
    &context, &mono, AV_SAMPLE_FMT_FLT, Int32(to), &alsoMono, AV_SAMPLE_FMT_FLT, Int32(from), 0, nil
  )
  swr_init(context)
  defer { swr_free(&context) }
  return [Float](unsafeUninitializedCapacity: count + 4_096) { out, filled in
    samples.withUnsafeBytes { input in
      var source: UnsafePointer<UInt8>? = input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      var target: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(out.baseAddress!)
        .assumingMemoryBound(to: UInt8.self)
      let first = swr_convert(context, &target, Int32(count), &source, Int32(samples.count))
      var rest: UnsafeMutablePointer<UInt8>? = UnsafeMutableRawPointer(
        out.baseAddress! + Int(max(0, first))
      ).assumingMemoryBound(to: UInt8.self)
      let last = swr_convert(context, &rest, Int32(count - Int(first)), nil, 0)
      filled = min(count, Int(first + last))
      for index in filled..<count { out[index] = 0 }
      filled = count
    }
  }
}

import CSentioDSPKernels
import Synchronization

/// The two passes over one song's frames: see ``FeatureExtractor``.
struct SongAnalysis: @unchecked Sendable {
  // Sendable: threads write to the storage at the places of their own blocks only.
  private let extractor: FeatureExtractor
  private let frameCount: Int
  private let storage: SongStorage
  private let levelMaxima: BlockMaxima
  private let peakMaxima: BlockMaxima
  private let valleyMaxima: BlockMaxima

  private let binCount: Int
  private let bandCount: Int
  private let contrastCount: Int
  private let rowCount: Int

  // Where the groups' rows stand.
  private let cepstralRow: Int
  private let spectralRow: Int
  private let temporalRow: Int
  private let chromaRow: Int
  private let textureRow: Int?

  init(_ extractor: FeatureExtractor, frameCount: Int, storage: SongStorage) {
    self.extractor = extractor
    self.frameCount = frameCount
    self.storage = storage
    levelMaxima = BlockMaxima(frameCount: frameCount)
    peakMaxima = BlockMaxima(frameCount: frameCount)
    valleyMaxima = BlockMaxima(frameCount: frameCount)
    binCount = extractor.mel.transform.binCount
    bandCount = extractor.frontEnd.melBands
    contrastCount = extractor.contrast.rowCount
    var row = 0
    var starts: [FeatureGroup: Int] = [:]
    for group in extractor.set.groups {
      starts[group] = row
      row += group.rowNames.count
    }
    rowCount = row
    cepstralRow = starts[.cepstral]!
    spectralRow = starts[.spectral]!
    temporalRow = starts[.temporal]!
    chromaRow = starts[.chroma]!
    textureRow = starts[.texture]
    let blocks = (frameCount + laneCount - 1) / laneCount
    storage.reserve(
      power: blocks * binCount, levels: blocks * bandCount, rows: blocks * rowCount,
      extremes: blocks * contrastCount)
  }

  func rows(_ samples: [Float], parallelism: Parallelism) -> FrameMatrix {
    let spectral = Mutex<FrameMatrix?>(nil)
    let temporal = Mutex<FrameMatrix?>(nil)
    // Two pieces of work of which one is split further: whichever thread is free takes part.
    parallelism.forEachRange(of: 2, grain: 1) { pieces in
      for piece in pieces {
        if piece == 0 {
          let matrix = spectralRows(samples, parallelism)
          spectral.withLock { $0 = matrix }
        } else {
          let matrix = temporalRows(samples)
          temporal.withLock { $0 = matrix }
        }
      }
    }
    var matrix = spectral.withLock { $0.take()! }
    insert(temporal.withLock { $0.take()! }, into: &matrix)
    return matrix
  }

  private func spectralRows(_ samples: [Float], _ parallelism: Parallelism) -> FrameMatrix {
    let peaks = samples.withUnsafeBufferPointer {
      transform(SendableSignal(extractor.mel.transform.stft.framed($0)), parallelism)
    }
    let frontEnd = extractor.frontEnd
    let tuning = peaks.tuning(
      sampleRate: frontEnd.sampleRate, fftLength: frontEnd.fftLength, classCount: 12)
    finish(filters: extractor.chromaFilters(tuning: tuning), parallelism)
    return FrameMatrix(frameCount: frameCount, rowCount: rowCount) { output in
      for (first, used) in FrameBlocks(
        blocks: 0..<(frameCount + laneCount - 1) / laneCount, frameCount: frameCount)
      {
        sentio_dsp_frames_from_lanes(
          rows(ofBlock: first / laneCount), rowCount, used,
          output.baseAddress! + first * rowCount, rowCount)
      }
    }
  }

  private func rows(ofBlock block: Int) -> UnsafeMutablePointer<Float> {
    storage.rows.pointer + block * rowCount * laneCount
  }

  private func levels(ofBlock block: Int) -> UnsafeMutablePointer<Float> {
    storage.levels.pointer + block * bandCount * laneCount
  }

  private func power(ofBlock block: Int) -> UnsafeMutablePointer<Float> {
    storage.power.pointer + block * binCount * laneCount
  }

  // MARK: First pass

  private func transform(_ signal: SendableSignal, _ parallelism: Parallelism) -> SpectralPeaks {
    let collected = Mutex(SpectralPeaks())
    parallelism.forEachBlock(ofFrames: frameCount) { blocks in
      let scratch = FrameTransform.Scratch(extractor.mel.transform)
      let magnitude = AlignedBuffer(count: binCount * laneCount)
      let lists = AlignedBuffer(count: extractor.contrast.scratchCount)
      var peaks = SpectralPeaks()
      for (first, used) in blocks {
        let block = first / laneCount
        let power = power(ofBlock: block)
        extractor.mel.transform.power(
          of: signal.value, first: first, used: used, scratch: scratch, into: power)
        peaks.append(block: power, binCount: binCount, bins: extractor.peakBins, used: used)
        sentio_dsp_lane_square_root(power, binCount, magnitude.pointer)
        measureLevels(block, power: power, magnitude: magnitude.pointer)
        measureSpectrum(block, magnitude: magnitude.pointer, lists: lists)
      }
      // The order in which threads arrive does not matter to a median and a histogram.
      collected.withLock {
        $0.positions += peaks.positions
        $0.heights += peaks.heights
      }
    }
    return collected.withLock { $0 }
  }

  private func measureLevels(
    _ block: Int, power: UnsafePointer<Float>, magnitude: UnsafePointer<Float>
  ) {
    let levels = levels(ofBlock: block)
    let frontEnd = extractor.frontEnd
    extractor.mel.filterBank.apply(
      frontEnd.quantity == .power ? power : magnitude, into: levels)
    let largest = sentio_dsp_levels(
      levels, levels, bandCount * laneCount, Float(frontEnd.decibels.floor),
      DecibelScale.factor, frontEnd.decibels.offset(largestPower: 0))
    levelMaxima.record(largest, block: block)
  }

  private func measureSpectrum(
    _ block: Int, magnitude: UnsafePointer<Float>, lists: AlignedBuffer
  ) {
    let rows = rows(ofBlock: block) + spectralRow * laneCount
    let (centroid, rolloff, bandwidth) = (rows, rows + laneCount, rows + 2 * laneCount)
    sentio_dsp_lane_shape(magnitude, binCount, 0.85, centroid, bandwidth, rolloff)
    let binWidth = Float(extractor.frontEnd.sampleRate / Double(extractor.frontEnd.fftLength))
    for i in 0..<3 * laneCount { rows[i] *= binWidth }

    let count = contrastCount * laneCount
    let peaks = storage.peaks.pointer + block * count
    let valleys = storage.valleys.pointer + block * count
    extractor.contrast.extremes(of: magnitude, peaks: peaks, valleys: valleys, scratch: lists)
    peakMaxima.record(
      sentio_dsp_levels(peaks, peaks, count, 1e-10, DecibelScale.factor, 0), block: block)
    valleyMaxima.record(
      sentio_dsp_levels(valleys, valleys, count, 1e-10, DecibelScale.factor, 0), block: block)
  }

  // MARK: Second pass

  private func finish(filters: ChromaFilterBank, _ parallelism: Parallelism) {
    let leastLevel = extractor.frontEnd.decibels.dynamicRange.map {
      levelMaxima.largest - Float($0)
    }
    let leastPeak = peakMaxima.largest - 80
    let leastValley = valleyMaxima.largest - 80
    if let leastLevel {
      let blocks = (frameCount + laneCount - 1) / laneCount
      parallelism.forEachRange(of: blocks, grain: 16) { range in
        sentio_dsp_raise_to(
          levels(ofBlock: range.lowerBound), range.count * bandCount * laneCount, leastLevel)
      }
    }
    parallelism.forEachBlock(ofFrames: frameCount) { blocks in
      let scratch = AlignedBuffer(count: extractor.texture?.scratchCount ?? 0)
      for (first, _) in blocks {
        let block = first / laneCount
        let rows = rows(ofBlock: block)
        extractor.cepstrum.apply(levels(ofBlock: block), into: rows + cepstralRow * laneCount)
        sentio_dsp_lane_mean_rise(
          levels(ofBlock: max(0, block - 1)), levels(ofBlock: block), bandCount,
          rows + (temporalRow + 5) * laneCount)
        filters.apply(power(ofBlock: block), into: rows + chromaRow * laneCount)
        let count = contrastCount * laneCount
        let contrast = rows + (spectralRow + 3) * laneCount
        let peaks = storage.peaks.pointer + block * count
        let valleys = storage.valleys.pointer + block * count
        for i in 0..<count {
          contrast[i] = max(peaks[i], leastPeak) - max(valleys[i], leastValley)
        }
        if let texture = extractor.texture, let textureRow {
          texture.measure(
            previous: levels(ofBlock: max(0, block - 1)), levels: levels(ofBlock: block),
            chroma: rows + chromaRow * laneCount, isFirst: block == 0, scratch: scratch.pointer,
            into: rows + textureRow * laneCount)
        }
      }
    }
  }

  // MARK: Rows of the samples themselves

  /// Zero-crossing rate, root mean square, their slopes, and energy entropy.
  private func temporalRows(_ samples: [Float]) -> FrameMatrix {
    let frontEnd = extractor.frontEnd
    let isCentered = if case .centered = frontEnd.framing { true } else { false }
    let measured = TemporalFeatures(
      frameLength: frontEnd.fftLength, hopLength: frontEnd.hopLength, isCentered: isCentered)(
        samples)
    // A fit through the end needs nine frames; fewer are taken to stay as they are, which cannot fail.
    let slopes = try! measured.delta(edges: frameCount < 9 ? .nearest : .interpolate)
    let crossings = TemporalFeatures.Row.zeroCrossingRate.rawValue
    let loudness = TemporalFeatures.Row.rootMeanSquare.rawValue
    let entropy = TemporalFeatures.Row.energyEntropy.rawValue
    return FrameMatrix(frameCount: frameCount, rowCount: 5) { rows in
      for t in 0..<frameCount {
        rows[t * 5] = measured.values[t * 3 + crossings]
        rows[t * 5 + 1] = measured.values[t * 3 + loudness]
        rows[t * 5 + 2] = slopes.values[t * 3 + crossings]
        rows[t * 5 + 3] = slopes.values[t * 3 + loudness]
        rows[t * 5 + 4] = measured.values[t * 3 + entropy]
      }
    }
  }

  /// Puts the temporal rows in their place, and moves the onset strength to where attacks are heard.
  private func insert(_ temporal: FrameMatrix, into matrix: inout FrameMatrix) {
    let onset = extractor.onset
    matrix.withUnsafeMutableValues { values in
      // From the last frame down, as onset strengths move to later frames.
      for t in stride(from: frameCount - 1, through: 0, by: -1) {
        let row = values.baseAddress! + t * rowCount + temporalRow
        for i in 0..<5 { row[i] = temporal.values[t * 5 + i] }
        let source = t - onset.shift
        row[5] = source >= onset.lag ? values[source * rowCount + temporalRow + 5] : 0
      }
    }
  }
}

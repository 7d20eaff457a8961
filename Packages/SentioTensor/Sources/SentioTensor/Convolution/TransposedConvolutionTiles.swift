import CSentioTensorKernels
import SentioBLAS

/// A rectangle of one group's planes that a thread works on at once, so that its parts stay in the cache.
private struct PhaseTile {
  let image: Int
  let group: Int
  let rows: Range<Int>
  let columns: Range<Int>
  /// From row to row of the tile: its columns and those that a shift reaches.
  let pitch: Int

  /// Columns of the products, all rows together.
  var width: Int { rows.count * pitch }
}

/// Rectangles that together are `rows` × `columns` of all images and groups, of about 1,000 elements.
private struct PhaseTiling {
  let rows: Range<Int>
  let columns: Range<Int>
  let tileRows: Int
  let tileColumns: Int
  let reach: Int
  let perPlane: (rows: Int, columns: Int)
  let groups: Int
  let count: Int

  init(_ plan: TransposedConvolutionPlan, rows: Range<Int>, columns: Range<Int>) {
    (self.rows, self.columns, groups) = (rows, columns, plan.groups)
    reach = plan.columns.reach
    let parts = (columns.count + 2047) / 2048
    tileColumns = (columns.count + parts - 1) / parts
    tileRows = max(1, min(rows.count, 1024 / (tileColumns + reach)))
    perPlane = ((rows.count + tileRows - 1) / tileRows, parts)
    count = plan.batch * plan.groups * perPlane.rows * perPlane.columns
  }

  /// The most columns that a tile's products have.
  var width: Int { tileRows * (tileColumns + reach) }

  /// Elements of a tile's plane with so many rows more, and what the last row reaches.
  func plane(reaching rows: Int) -> Int { (tileRows + rows) * (tileColumns + reach) + reach }

  /// The tiles of an image and group stand together.
  subscript(index: Int) -> PhaseTile {
    let place = index % (perPlane.rows * perPlane.columns)
    let plane = index / (perPlane.rows * perPlane.columns)
    let top = rows.lowerBound + place / perPlane.columns * tileRows
    let left = columns.lowerBound + place % perPlane.columns * tileColumns
    let right = min(left + tileColumns, columns.upperBound)
    return PhaseTile(
      image: plane / groups, group: plane % groups,
      rows: top..<min(top + tileRows, rows.upperBound),
      columns: left..<right, pitch: right - left + reach)
  }
}

extension TransposedConvolutionPlan {
  /// How the products are computed, as the caller's task had it.
  enum Method: Sendable {
    case float32(ComputeEngine)
    case bfloat16

    static var current: Method {
      Compute.multipliesInBFloat16 ? .bfloat16 : .float32(Compute.engine)
    }
  }

  /// Runs a loop over tiles, or parts of so many; a single one leaves the threads to its products.
  private func overTiles(
    _ count: Int, _ tiling: PhaseTiling, scratch: Int,
    _ body: (Range<Int>, UnsafeMutablePointer<Float>) -> Void
  ) {
    let cost = tiling.width * groupWeights / 8 * tiling.count / count
    if count == 1 {
      let memory = Tensor(uninitialized: [scratch])
      body(0..<1, memory.storage.pointer)
      withExtendedLifetime(memory) {}
    } else {
      ParallelLoop.run(count, cost: max(1, cost), scratch: scratch, body)
    }
  }

  /// Computes the outputs.
  func forward(
    _ input: Tensor, _ weight: Tensor, _ bias: Tensor?, into result: Tensor, _ method: Method
  ) {
    let blocks = packed(weight)
    let factors = TransposedFactors(self, blocks, method, isBackward: false)
    let tiling = PhaseTiling(self, rows: rows.places, columns: columns.places)
    let (x, out) = (input.storage.pointer, result.storage.pointer)
    let biases = bias?.storage.pointer
    let sourceSize = inputs * tiling.plane(reaching: rows.reach)
    let sumsSize = phases * outputs * tiling.width
    let roundedSize = factors.scratch(width: tiling.width, isBackward: false)
    overTiles(tiling.count, tiling, scratch: sourceSize + sumsSize + roundedSize) { range, source in
      let sums = source + sourceSize
      for index in range {
        let tile = tiling[index]
        let plane = (tile.rows.count + rows.reach) * tile.pitch + columns.reach
        sentio_plane_window(
          x + (tile.image * groups + tile.group) * inputs * rows.input * columns.input, rows.input,
          columns.input, tile.rows.lowerBound - rows.reach, tile.rows.count + rows.reach,
          tile.columns.lowerBound - columns.reach, tile.pitch, tile.pitch, plane,
          source, inputs)
        factors.multiply(
          source, plane: plane, pitch: tile.pitch, width: tile.width, group: tile.group, into: sums,
          scratch: sums + sumsSize)
        for phase in emptyPhases {
          (sums + phase * outputs * tile.width).update(
            repeating: 0, count: outputs * tile.width)
        }
        let channel = tile.group * outputs
        var window = self.window(tile, tile.columns, tile.rows.count, plane: tile.width)
        sentio_phases_merge(
          sums, &window, biases.map { $0 + channel },
          out + (tile.image * groups * outputs + channel) * rows.output * columns.output, outputs)
      }
    }
    withExtendedLifetime(blocks) {}
  }

  /// A tile's phases as the kernels see them.
  private func window(
    _ tile: PhaseTile, _ width: Range<Int>, _ height: Int, plane: Int
  ) -> sentio_phase_tile {
    sentio_phase_tile(
      first_row: tile.rows.lowerBound, rows: height, first_column: width.lowerBound,
      columns: width.count, pitch: tile.pitch, plane: plane, out_height: rows.output,
      out_width: columns.output, stride_y: rows.stride, stride_x: columns.stride,
      top: rows.before, left: columns.before)
  }

  /// Computes the gradients of the input, where the weights are given, and of the weights, where the input is.
  func backward(
    _ gradient: Tensor, _ input: Tensor?, _ weight: Tensor?, _ inputShape: Shape,
    _ weightShape: Shape, _ method: Method
  ) -> (input: Tensor?, weight: Tensor?) {
    let blocks = weight.map { packed($0) }
    let factors = TransposedFactors(self, blocks, method, isBackward: true)
    let tiling = PhaseTiling(self, rows: 0..<rows.input, columns: 0..<columns.input)
    let result = weight.map { _ in Tensor(uninitialized: inputShape) }
    // Sums over images and places: a fixed number of parts, each in order, so that the bits do not
    // depend on the number of threads.
    let weights = factors.sumCount
    let parts = max(1, min(tiling.count, 16, max(2, (64 << 20) / (4 * weights))))
    let partial = input.map { _ in Tensor(uninitialized: [parts, weights]) }
    let g = gradient.storage.pointer
    let chunk = (tiling.count + parts - 1) / parts
    let arrivingSize = phases * outputs * tiling.plane(reaching: rows.reach)
    let tileSize = inputs * tiling.width
    let roundedSize = factors.scratch(width: tiling.width, isBackward: true)
    let scratch = arrivingSize + 2 * tileSize + roundedSize
    overTiles(parts, tiling, scratch: scratch) { range, arriving in
      let sums = arriving + arrivingSize
      let source = sums + tileSize
      for part in range {
        let sumsOfWeights = partial.map { $0.storage.pointer + part * weights }
        sumsOfWeights?.update(repeating: 0, count: weights)
        for index in min(part * chunk, tiling.count)..<min((part + 1) * chunk, tiling.count) {
          let tile = tiling[index]
          let plane = (tile.rows.count + rows.reach) * tile.pitch + columns.reach
          var window = self.window(
            tile, tile.columns.lowerBound..<tile.columns.lowerBound + tile.pitch,
            tile.rows.count + rows.reach, plane: plane)
          let image = tile.image * groups + tile.group
          sentio_phases_split(
            g + image * outputs * rows.output * columns.output, &window, arriving, outputs)
          let offset = image * inputs * rows.input * columns.input
          if let input {
            sentio_plane_window(
              input.storage.pointer + offset, rows.input, columns.input, tile.rows.lowerBound,
              tile.rows.count, tile.columns.lowerBound, tile.columns.count, tile.pitch, tile.width,
              source, inputs)
          }
          factors.multiplyBack(
            arriving, plane: plane, pitch: tile.pitch, width: tile.width, group: tile.group,
            into: result == nil ? nil : sums, input: input == nil ? nil : source, sumsOfWeights,
            scratch: source + tileSize)
          if let result {
            copyStrided(
              from: sums, [tile.width, tile.pitch, 1],
              to: result.storage.pointer + offset + tile.rows.lowerBound * columns.input
                + tile.columns.lowerBound, [rows.input * columns.input, columns.input, 1],
              extents: [inputs, tile.rows.count, tile.columns.count])
          }
        }
      }
    }
    withExtendedLifetime(blocks) {}
    let summed = partial.map { factors.blocks(of: $0.sum(axes: 0)) }
    return (result, summed.map { unpacked($0, to: weightShape) })
  }
}

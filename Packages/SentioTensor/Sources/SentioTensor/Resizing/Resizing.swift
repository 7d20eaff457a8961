import CSentioTensorKernels

extension Tensor {
  /// Signals in another length.
  ///
  /// Each new element is a weighted sum of those around its place in the old signal; beyond the ends stands the
  /// last element. Places and weights are computed in double precision. A non-finite element reaches the sums
  /// in which it has a weight other than 0.
  ///
  /// - Parameters:
  ///   - length: the new length, at least 1.
  ///   - interpolation: how values between elements are found.
  ///   - alignment: what stays in place; ``Interpolation/nearest`` knows edges only.
  ///   - antialiased: whether a smaller signal averages over all elements that a new one covers, as Pillow
  ///     does, and not just the nearest ones; with edges only. The cubic then has `a = −0.5`.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, length]` for this `[N, C, L]`, L not 0.
  ///
  /// *Reference:* `torch.nn.functional.interpolate(size=…)`, 2.x, modes `nearest` and `linear`; cubic as its
  /// images' rows.
  public func resized1D(
    to length: Int, _ interpolation: Interpolation = .linear, alignment: ResizingAlignment = .edges,
    antialiased: Bool = false, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireResizable("resized1D", [length], interpolation, alignment, antialiased, file, line)
    let columns = ResizingTaps(
      from: shape[2], to: length, interpolation, alignment, antialiased: antialiased)
    return resized(
      to: [shape[0], shape[1], length], planes: shape[0] * shape[1], .identity(1), columns)
  }

  /// Images in another size.
  ///
  /// As ``resized1D(to:_:alignment:antialiased:file:line:)``, along two axes. The position embeddings of a vision
  /// transformer move to another grid by `.cubic`.
  ///
  /// - Parameters:
  ///   - size: the new rows and columns, at least 1.
  ///   - interpolation: how values between elements are found.
  ///   - alignment: what stays in place; ``Interpolation/nearest`` knows edges only.
  ///   - antialiased: whether a smaller image averages over all elements that a new one covers; with edges only.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, height, width]` for this `[N, C, H, W]`, neither H nor W 0.
  ///
  /// *Reference:* `torch.nn.functional.interpolate(size=…)`, 2.x, modes `nearest`, `bilinear` and `bicubic`,
  /// `antialias` both ways.
  public func resized2D(
    to size: HeightWidth, _ interpolation: Interpolation = .linear,
    alignment: ResizingAlignment = .edges, antialiased: Bool = false,
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    requireResizable(
      "resized2D", [size.height, size.width], interpolation, alignment, antialiased, file, line)
    let taps = [(shape[2], size.height), (shape[3], size.width)].map {
      ResizingTaps(from: $0, to: $1, interpolation, alignment, antialiased: antialiased)
    }
    return resized(
      to: [shape[0], shape[1], size.height, size.width], planes: shape[0] * shape[1], taps[0],
      taps[1])
  }

  private func requireResizable(
    _ name: String, _ size: [Int], _ interpolation: Interpolation, _ alignment: ResizingAlignment,
    _ antialiased: Bool, _ file: StaticString, _ line: UInt
  ) {
    require(
      rank == size.count + 2,
      "\(name) needs \(size.count == 1 ? "signals [N, C, L]" : "images [N, C, H, W]"), and the shape "
        + "is \(shape)", file, line)
    require(
      (shape.dropFirst(2) + size).allSatisfy { (1...Int(Int32.max)).contains($0) },
      "\(name): shape \(shape) cannot become of size \(size)", file, line)
    require(
      alignment == .edges || !(antialiased || interpolation == .nearest),
      "\(name): \(antialiased ? "antialiasing" : "nearest") keeps the edges in place, not the corners",
      file, line)
    require(
      !antialiased || interpolation != .nearest, "\(name): nearest cannot be antialiased", file,
      line)
  }

  /// Weighs rows and columns of planes.
  private func resized(
    to newShape: Shape, planes: Int, _ rows: ResizingTaps, _ columns: ResizingTaps
  ) -> Tensor {
    let result = Tensor(uninitialized: newShape)
    let inputPlane = rows.extent * columns.extent
    let outputPlane = rows.outputExtent * columns.outputExtent
    let (x, out) = (storage.pointer, result.storage.pointer)
    let cost =
      rows.outputExtent * (rows.taps * columns.extent + 2 * columns.taps * columns.outputExtent)
    rows.withKernel { rowTaps in
      columns.withKernel { columnTaps in
        ParallelLoop.run(planes, cost: cost, scratch: columns.extent + 1) { range, row in
          var (rowTaps, columnTaps) = (rowTaps, columnTaps)
          sentio_resize(
            x + range.lowerBound * inputPlane, &rowTaps, &columnTaps, row,
            out + range.lowerBound * outputPlane, range.count)
        }
      }
    }
    let shape = self.shape
    return result.derived(
      from: self,
      { $0.resized(to: shape, planes: planes, rows.transposed, columns.transposed) })
  }
}

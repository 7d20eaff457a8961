import CSentioTensorKernels

extension Tensor {
  /// The means of a given number of cells along signals of any length.
  ///
  /// Cell i holds the elements `⌊i·L/count⌋ ..< ⌈(i+1)·L/count⌉`; neighbours may share one.
  ///
  /// - Parameters:
  ///   - count: the number of cells, at least 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, count]` for this `[N, C, L]`, L not 0.
  ///
  /// *Reference:* `torch.nn.functional.adaptive_avg_pool1d`, 2.x.
  public func adaptiveAveragePooled1D(
    to count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveAveragePooled(
      PlaneWindow("adaptiveAveragePooled1D", shape, cells: [count], file, line))
  }

  /// The means of a given grid of cells over images of any size.
  ///
  /// - Parameters:
  ///   - size: rows and columns of cells, at least 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, height, width]` for this `[N, C, H, W]`, neither H nor W 0.
  ///
  /// *Reference:* `torch.nn.functional.adaptive_avg_pool2d`, 2.x.
  public func adaptiveAveragePooled2D(
    to size: HeightWidth, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveAveragePooled(
      PlaneWindow(
        "adaptiveAveragePooled2D", shape, cells: [size.height, size.width], file, line))
  }

  /// The largest elements of a given number of cells along signals of any length.
  ///
  /// The cells are those of ``adaptiveAveragePooled1D(to:file:line:)``. A NaN is larger than everything; the gradient
  /// goes to the element that was taken, of equals the first.
  ///
  /// - Parameters:
  ///   - count: the number of cells, at least 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, count]` for this `[N, C, L]`, L not 0.
  ///
  /// *Reference:* `torch.nn.functional.adaptive_max_pool1d`, 2.x.
  public func adaptiveMaxPooled1D(
    to count: Int, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxPooled(
      PlaneWindow("adaptiveMaxPooled1D", shape, cells: [count], file, line),
      sentio_adaptive_max_pool)
  }

  /// The largest elements of a given grid of cells over images of any size.
  ///
  /// - Parameters:
  ///   - size: rows and columns of cells, at least 1.
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C, height, width]` for this `[N, C, H, W]`, neither H nor W 0.
  ///
  /// *Reference:* `torch.nn.functional.adaptive_max_pool2d`, 2.x.
  public func adaptiveMaxPooled2D(
    to size: HeightWidth, file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxPooled(
      PlaneWindow("adaptiveMaxPooled2D", shape, cells: [size.height, size.width], file, line),
      sentio_adaptive_max_pool)
  }

  /// The mean of every channel over all its places.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C]` for this `[N, C, L]` or `[N, C, H, W]` with at least one place.
  ///
  /// *Reference:* `keras.layers.GlobalAveragePooling1D` and `…2D`, channels first.
  public func globalAveragePooled(
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    adaptiveAveragePooled(wholePlanes("globalAveragePooled", file, line)).reshaped(
      Shape(shape.prefix(2)))
  }

  /// The largest element of every channel.
  ///
  /// - Parameters:
  ///   - file: the caller's file.
  ///   - line: the caller's line.
  /// - Returns: `[N, C]` for this `[N, C, L]` or `[N, C, H, W]` with at least one place.
  ///
  /// *Reference:* `keras.layers.GlobalMaxPooling1D` and `…2D`, channels first.
  public func globalMaxPooled(
    file: StaticString = #fileID, line: UInt = #line
  ) -> Tensor {
    maxPooled(wholePlanes("globalMaxPooled", file, line), sentio_adaptive_max_pool).reshaped(
      Shape(shape.prefix(2)))
  }

  private func wholePlanes(
    _ name: String, _ file: StaticString, _ line: UInt
  ) -> PlaneWindow {
    PlaneWindow(name, shape, cells: rank == 3 ? [1] : [1, 1], file, line)
  }

  private func adaptiveAveragePooled(_ window: PlaneWindow) -> Tensor {
    let result = Tensor(uninitialized: window.outputShape)
    let (x, out) = (storage.pointer, result.storage.pointer)
    let cost = window.inputPlane + 4 * window.outputPlane
    ParallelLoop.run(window.planes, cost: cost, scratch: window.kernel.width) { range, row in
      let start = range.lowerBound
      withUnsafePointer(to: window.kernel) {
        sentio_adaptive_average_pool(
          x + start * window.inputPlane, $0, row,
          out + start * window.outputPlane, range.count)
      }
    }
    return result.derived(
      from: self,
      { gradient in
        let result = Tensor(uninitialized: window.inputShape)
        let (g, out) = (gradient.storage.pointer, result.storage.pointer)
        ParallelLoop.run(window.planes, cost: cost) { range in
          let start = range.lowerBound
          withUnsafePointer(to: window.kernel) {
            sentio_adaptive_average_pool_gradient(
              g + start * window.outputPlane, $0, out + start * window.inputPlane, range.count)
          }
        }
        return result
      })
  }
}

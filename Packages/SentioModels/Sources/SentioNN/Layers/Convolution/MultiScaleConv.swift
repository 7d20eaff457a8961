import SentioTensor

extension Parallel {
  /// Convolutions of several kernels side by side: patterns of several lengths, at one place.
  ///
  /// `[N, C, L]` becomes `[N, filters · kernels.count, L']`; with the padding `.same` and stride 1,
  /// L' is L. Paths: `0`, `1`, …, in the order of the kernels.
  ///
  /// - Parameters:
  ///   - channels: C.
  ///   - filters: filters of each kernel.
  ///   - kernels: the taps of the windows.
  ///   - stride: elements from window to window.
  ///   - padding: the zeros beside the signal; must give all kernels one length.
  ///   - activation: what is applied to the sums.
  ///   - weights: how weights start and are regularized.
  ///   - stream: the stream to draw from.
  /// - Returns: the layer.
  public static func multiScale(
    _ channels: Int, _ filters: Int, kernels: [Int] = [3, 5, 7], stride: Int = 1,
    padding: ConvolutionPadding = .same, activation: Activation = .relu,
    weights: WeightSettings = .pyTorch, from stream: inout RandomStream
  ) -> Parallel {
    Parallel {
      for kernel in kernels {
        Conv1D(
          channels, filters, kernel: kernel, stride: stride, padding: padding,
          activation: activation, weights: weights, from: &stream)
      }
    }
  }
}

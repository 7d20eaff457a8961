/// How values between elements are found when signals and images change their size.
public enum Interpolation: Sendable, Hashable, CaseIterable {
  /// The element whose cell the new one's start falls in; PyTorch's `nearest`.
  case nearest
  /// A weighted mean of the two neighbours, of four in an image; PyTorch's `linear` and `bilinear`.
  case linear
  /// A cubic through four neighbours, sixteen in an image, with `a = −0.75`; PyTorch's `bicubic`.
  case cubic
}

/// What stays in place when signals and images change their size.
public enum ResizingAlignment: Sendable, Hashable, CaseIterable {
  /// The outer edges of the first and last element; PyTorch's `align_corners=False`.
  case edges
  /// The centres of the first and last element; PyTorch's `align_corners=True`.
  case corners
}

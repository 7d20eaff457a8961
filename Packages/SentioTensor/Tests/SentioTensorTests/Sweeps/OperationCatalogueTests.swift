import Foundation
import SentioTensor
import Testing

/// Every operation of the listed chapters, and where its values and gradients are compared: an operation
/// that is added without a line here is an issue.
@Suite struct OperationCatalogueTests {
  enum Comparison {
    /// The first words of golden cases with gradients.
    case golden([String])
    /// The names of unary functions in `unary.*` cases.
    case unary([String])
    /// No gradient flows, and why not; the values are compared elsewhere.
    case constant(String)
    /// Compared by a test of its own.
    case own(String)

    static func golden(_ words: String...) -> Comparison { .golden(words) }
    static func unary(_ names: String...) -> Comparison { .unary(names) }
  }

  static let chapters = [
    "Elementwise", "Reduction", "Indexing", "Normalization", "Embedding", "Dropout", "Loss",
    "LinearAlgebra", "Layers/LayerNormalization.swift", "Layers/Linear.swift", "Pooling",
    "Resizing", "Convolution/DepthwiseConvolution.swift",
    "Convolution/SeparableConvolution.swift", "Convolution/TransposedConvolution.swift",
    "Quantization",
  ]

  static let catalogue: [String: Comparison] = [
    // Elementwise
    "+": .golden("add"), "-": .golden("subtract"), "*": .golden("multiply"),
    "/": .golden("divide"), "+=": .own("ElementwiseTests"), "-=": .own("ElementwiseTests"),
    "*=": .own("ElementwiseTests"), "/=": .own("ElementwiseTests"), "raised": .golden("power"),
    "minimum": .golden("minimum"), "maximum": .golden("maximum"), "clamped": .unary("clamped"),
    ".==": .constant("a step"), ".!=": .constant("a step"), ".<": .constant("a step"),
    ".<=": .constant("a step"), ".>": .constant("a step"), ".>=": .constant("a step"),
    "select": .golden("select"), "broadcast": .golden("broadcast"),
    "absolute": .unary("absolute"), "sign": .constant("a step"), "squared": .unary("squared"),
    "squareRoot": .unary("squareRoot"), "reciprocal": .unary("reciprocal"),
    "roundedDown": .constant("a step"), "roundedUp": .constant("a step"),
    "rounded": .constant("a step"), "exp": .unary("exp"), "log": .unary("log"),
    "sin": .unary("sin"), "cos": .unary("cos"), "tanh": .unary("tanh"),
    "errorFunction": .unary("erf"), "sigmoid": .unary("sigmoid"), "softplus": .unary("softplus"),
    "relu": .unary("relu"), "silu": .unary("silu"), "gelu": .unary("gelu", "geluTanh"),
    "leakyRelu": .unary("leakyRelu"), "elu": .unary("elu"),
    // Reduction
    "sum": .golden("sum"), "mean": .golden("mean"), "variance": .golden("variance"),
    "max": .golden("max"), "min": .golden("min"), "logSumExp": .golden("logSumExp"),
    "norm": .golden("norm"), "argmax": .constant("a place"), "argmin": .constant("a place"),
    "sorted": .golden("sorted"), "topK": .golden("top"), "cumulativeSum": .golden("cumulativeSum"),
    "softmax": .golden("softmax"), "logSoftmax": .golden("logSoftmax"),
    // Indexing
    "selected": .golden("selected"), "sliced": .golden("sliced", "slice"),
    "gathered": .golden("gathered", "gather"), "concatenate": .golden("concatenate"),
    "stack": .golden("stack"), "expanded": .golden("expanded"), "squeezed": .golden("squeezed"),
    "split": .golden("split"), "padded": .golden("padded", "pad"),
    "permuted": .golden("permuted", "permute"), "transposed": .golden("transposed"),
    // Normalization, embedding, dropout
    "batchNormalized": .golden("batch", "learned"), "groupNormalized": .golden("group"),
    "instanceNormalized": .golden("instance"), "layerNormalized": .golden("layerNorm"),
    "embedding": .golden("embedding"), "dropout": .own("DropoutTests: its mask is random"),
    // Losses
    "meanSquaredError": .golden("mse"), "meanAbsoluteError": .golden("mae"),
    "huberLoss": .golden("huber"), "binaryCrossEntropy": .golden("bce"),
    "crossEntropy": .golden("crossEntropy"), "klDivergence": .golden("kl"),
    "concordanceLoss": .golden("ccc"), "linear": .golden("linear"),
    // Pooling, resizing, convolution
    "maxPooled1D": .golden("max1d"), "maxPooled2D": .golden("max2d", "sameMax2d"),
    "averagePooled1D": .golden("average1d"),
    "averagePooled2D": .golden("average2d", "sameAverage2d"),
    "adaptiveAveragePooled1D": .golden("adaptiveAverage1d"),
    "adaptiveAveragePooled2D": .golden("adaptiveAverage2d"),
    "adaptiveMaxPooled1D": .golden("adaptiveMax1d"),
    "adaptiveMaxPooled2D": .golden("adaptiveMax2d"),
    "globalAveragePooled": .golden("globalAverage"), "globalMaxPooled": .golden("globalMax"),
    "unfolded2D": .golden("unfold"), "folded2D": .golden("fold"),
    "depthwiseConvolved1D": .golden("depthwise1d"),
    "depthwiseConvolved2D": .golden("depthwise2d"),
    "separableConvolved1D": .golden("separable1d"),
    "separableConvolved2D": .golden("separable2d"),
    "transposedConvolved1D": .golden("transposed1d"),
    "transposedConvolved2D": .golden("transposed2d"),
    "resized1D": .golden("linear1d", "nearest1d"),
    "resized2D": .golden("linear2d", "nearest2d", "cubic2d"),
    // Inference in integers
    "callAsFunction": .own("QuantizedLinearTests, QuantizedConvolutionTests: no derivative"),
    "followed": .constant("integers"),
    "dequantizedWeight": .own("QuantizedLinearTests, QuantizedConvolutionTests"),
    // Linear algebra
    "matmul": .golden("matmul"), "dot": .constant("a plain number"), "outer": .golden("outer"),
    "cholesky": .constant("refused while recording"), "solve": .constant("refused while recording"),
    "symmetricEigen": .constant("refused while recording"),
    "svd": .constant("refused while recording"),
    "leastSquares": .constant("refused while recording"),
  ]

  static let sources = URL(filePath: #filePath).deletingLastPathComponent()
    .appending(path: "../../../Sources/SentioTensor").standardizedFileURL

  /// The names of the public functions of the chapters.
  static let names: Set<String> = {
    var names: Set<String> = []
    for chapter in chapters {
      let folder = sources.appending(path: chapter)
      let files = (try? FileManager.default.subpathsOfDirectory(atPath: folder.path)) ?? []
      for file in files.isEmpty ? [folder] : files.map({ folder.appending(path: $0) }) {
        let text = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
        for match in text.matches(of: /public (?:static )?(?:prefix )?func ([^\s(]+) ?\(/) {
          names.insert(String(match.1))
        }
      }
    }
    return names
  }()

  @Test(.enabled(if: FileManager.default.fileExists(atPath: sources.path)))
  func everyOperationIsInTheCatalogue() {
    #expect(Self.names.count > 60)
    let unlisted = Self.names.subtracting(Self.catalogue.keys).sorted()
    #expect(unlisted == [], "each wants a line in the catalogue, and golden cases or a reason")
    #expect(Set(Self.catalogue.keys).subtracting(Self.names).sorted() == [])
  }

  @Test func everyComparisonExists() {
    let paths =
      GoldenGradientTests.families.map { "Gradients/\($0)" }
      + ["reductions", "axes", "products"].map { "Sweeps/\($0)" }
      + ["channels", "groups"].map { "Normalization/\($0)" }
      + ["pooling", "resizing", "columns", "depthwise", "transposed"].map { "Spatial/\($0)" }
    let names = paths.flatMap { GoldenCases("\($0).safetensors").names.map(GoldenCases.words) }
    let firsts = Set(names.map { $0[0] })
    let unary = Set(names.filter { $0[0] == "unary" }.map { $0[1] })
    for (name, comparison) in Self.catalogue {
      switch comparison {
      case .golden(let words): #expect(words.allSatisfy(firsts.contains), "\(name)")
      case .unary(let words): #expect(words.allSatisfy(unary.contains), "\(name)")
      case .constant, .own: break
      }
    }
  }
}

// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "SentioModels",
  products: [
    .library(name: "SentioClassical", targets: ["SentioClassical"]),
    .library(name: "SentioNN", targets: ["SentioNN"]),
    .library(name: "SentioModels", targets: ["SentioModels"]),
    .library(name: "SentioInterchange", targets: ["SentioInterchange"]),
  ],
  dependencies: [
    .package(path: "../SentioMetrics"),
    .package(path: "../SentioDSP"),
    .package(path: "../SentioTensor"),
    .package(path: "../SentioData"),
    .package(url: "https://github.com/apple/swift-protobuf", from: "1.39.0"),
  ],
  targets: [
    // Ridge, support vector regression and boosted trees over a table of features.
    .target(
      name: "SentioClassical",
      dependencies: [
        "CLibSVM", "CXGBoost", "CSentioClassicalKernels",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioBLAS", package: "SentioTensor"),
      ]),

    // Inner loops that are compiled once per vector width.
    .target(
      name: "CSentioClassicalKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),

    // Layers, optimizers and training of networks.
    .target(
      name: "SentioNN",
      dependencies: [
        "CSentioNNKernels",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioBLAS", package: "SentioTensor"),
      ]),

    // Updates of weights, compiled once per vector width.
    .target(
      name: "CSentioNNKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),

    // From an audio file to its emotion, with a model file.
    .target(
      name: "SentioModels",
      dependencies: [
        "SentioClassical", "SentioNN",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioData", package: "SentioData"),
      ]),

    // Networks as files of other programs: ONNX, TorchScript, PyTorch's state dictionaries.
    .target(
      name: "SentioInterchange",
      dependencies: [
        "SentioClassical", "SentioNN", "SentioModels",
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SwiftProtobuf", package: "swift-protobuf"),
      ],
      exclude: ["ONNX/Messages/ONNX.proto"]),

    .systemLibrary(name: "CLibSVM", providers: [.apt(["libsvm-dev"])]),
    .systemLibrary(name: "CXGBoost", providers: [.apt(["libxgboost-dev"])]),

    .testTarget(
      name: "SentioModelsTests",
      dependencies: [
        "SentioModels", "SentioClassical", "SentioNN",
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioTensorTestSupport", package: "SentioTensor"),
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "SentioInterchangeTests",
      dependencies: [
        "SentioInterchange", "SentioModels", "SentioNN",
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioTensorTestSupport", package: "SentioTensor"),
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "SentioClassicalTests",
      dependencies: [
        "SentioClassical",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
      ],
      resources: [.copy("Golden")]),
    .testTarget(
      name: "SentioNNTests",
      dependencies: [
        "SentioNN",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioTensorTestSupport", package: "SentioTensor"),
      ],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

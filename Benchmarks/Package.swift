// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Benchmarks",
  dependencies: [
    .package(path: "../Packages/SentioMetrics"),
    .package(path: "../Packages/SentioDSP"),
    .package(path: "../Packages/SentioTensor"),
    .package(path: "../Packages/SentioData"),
    .package(path: "../Packages/SentioModels"),
  ],
  targets: [
    .executableTarget(
      name: "sentio-bench",
      dependencies: [
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioBLAS", package: "SentioTensor"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioClassical", package: "SentioModels"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
      ]),

    .executableTarget(
      name: "sentio-fuzz",
      dependencies: [
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioDataTestSupport", package: "SentioData"),
        .product(name: "SentioClassical", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
        .product(name: "SentioInterchange", package: "SentioModels"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

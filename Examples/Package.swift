// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "Examples",
  products: [
    .executable(name: "sentio", targets: ["sentio"])
  ],
  dependencies: [
    .package(path: "../Packages/SentioMetrics"),
    .package(path: "../Packages/SentioDSP"),
    .package(path: "../Packages/SentioTensor"),
    .package(path: "../Packages/SentioData"),
    .package(path: "../Packages/SentioModels"),
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.1"),
    .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    .package(url: "https://github.com/jpsim/Yams", from: "6.2.2"),
  ],
  targets: [
    // The command line tool and the main job.
    .executableTarget(
      name: "sentio",
      dependencies: [
        "SentioReport", "SentioRegistry", "SentioPipeline", "SentioPresets",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioBLAS", package: "SentioTensor"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioClassical", package: "SentioModels"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
        .product(name: "SentioInterchange", package: "SentioModels"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
        .product(name: "Yams", package: "Yams"),
      ]),

    // The validation protocol of the convolutional recurrent network, with its verdict.
    .executableTarget(
      name: "crnn-protocol",
      dependencies: [
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The tables of Docs/Results.md, from the real corpora.
    .executableTarget(
      name: "real-data",
      dependencies: [
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
        .product(name: "SentioClassical", package: "SentioModels"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // The lessons on sequences: recurrent networks from a simple RNN to attention.
    .executableTarget(
      name: "sequences",
      dependencies: [
        "SentioReport", "CZlib",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioNN", package: "SentioModels"),
        .product(name: "SentioModels", package: "SentioModels"),
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ]),

    // A layer of one's own with nothing but SentioTensor.
    .executableTarget(
      name: "new-layer",
      dependencies: [.product(name: "SentioTensor", package: "SentioTensor")]),

    // The report page: charts as inline SVG, tables, one self-contained HTML file.
    .target(
      name: "SentioReport",
      dependencies: ["CZlib", .product(name: "Mustache", package: "swift-mustache")]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),

    // The engine of the main job: named stages that are cached, resumed and told of. Knows nothing of music.
    .target(
      name: "SentioPipeline",
      dependencies: [
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioTensor", package: "SentioTensor"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "Yams", package: "Yams"),
      ]),
    // What `sentio run --preset` knows by name; the YAML files are there to be copied.
    .target(
      name: "SentioPresets", path: "Presets",
      resources: ["smoke", "demo", "paper"].map { .embedInCode("\($0).yaml") }),
    // A pipeline of sums that tests stop and kill.
    .executableTarget(
      name: "pipeline-probe", dependencies: ["SentioPipeline"], path: "Tests/PipelineProbe"),

    .testTarget(
      name: "SentioPipelineTests", dependencies: ["SentioPipeline", "pipeline-probe"]),
    // The registry of runs and models: settings, curves, metrics, files, versions, in SQLite.
    .target(
      name: "SentioRegistry",
      dependencies: [
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),

    .testTarget(
      name: "SentioRegistryTests",
      dependencies: [
        "SentioRegistry", .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "GRDB", package: "GRDB.swift"),
      ]),
    .testTarget(name: "SentioReportTests", dependencies: ["SentioReport"]),
    // Runs the built tool, as a user does; the dependency makes sure that it is built.
    .testTarget(
      name: "SentioCommandTests",
      dependencies: [
        "sentio", "crnn-protocol",
        "SentioRegistry",
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioData", package: "SentioData"),
        .product(name: "SentioTensor", package: "SentioTensor"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)

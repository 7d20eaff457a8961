// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "SentioData",
  products: [
    .library(name: "SentioData", targets: ["SentioData"]),
    .library(name: "SentioDataTestSupport", targets: ["SentioDataTestSupport"]),
  ],
  dependencies: [
    .package(path: "../SentioMetrics"),
    .package(path: "../SentioDSP"),
    .package(path: "../SentioTensor"),
  ],
  targets: [
    .target(
      name: "SentioData",
      dependencies: [
        "CFFmpeg", "CSentioDataKernels",
        .product(name: "SentioMetrics", package: "SentioMetrics"),
        .product(name: "SentioDSP", package: "SentioDSP"),
        .product(name: "SentioTensor", package: "SentioTensor"),
      ]),

    // Inner loops that are compiled once per vector width.
    .target(
      name: "CSentioDataKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),

    .systemLibrary(
      name: "CFFmpeg",
      providers: [
        .apt(["libavformat-dev", "libavcodec-dev", "libavutil-dev"])
      ]),

    // What tests and the fuzzer share: damaged files from good ones.
    .target(name: "SentioDataTestSupport"),

    .testTarget(
      name: "SentioDataTests", dependencies: ["SentioData", "SentioDataTestSupport"],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

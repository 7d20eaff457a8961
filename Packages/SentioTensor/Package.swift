// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "SentioTensor",
  products: [
    .library(name: "SentioTensor", targets: ["SentioTensor"]),
    .library(name: "SentioBLAS", targets: ["SentioBLAS"]),
    .library(name: "SentioTensorTestSupport", targets: ["SentioTensorTestSupport"]),
  ],
  targets: [
    // Public modules
    .target(name: "SentioTensor", dependencies: ["SentioBLAS", "CSentioTensorKernels"]),
    .target(name: "SentioBLAS", dependencies: ["COpenBLAS", "CSentioTensorKernels"]),

    // C: inner loops compiled once per vector width, and the system's BLAS and LAPACK
    .target(
      name: "CSentioTensorKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-openmp-dev", "liblapacke-dev"])]),

    // Test support and tests
    .target(name: "SentioTensorTestSupport", dependencies: ["SentioTensor"]),
    .testTarget(name: "SentioBLASTests", dependencies: ["SentioBLAS"]),
    .testTarget(
      name: "SentioTensorTests",
      dependencies: ["SentioTensor", "SentioBLAS", "SentioTensorTestSupport"],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "SentioTensor",
  products: [
    .library(name: "SentioTensor", targets: ["SentioTensor"]),
    .library(name: "SentioBLAS", targets: ["SentioBLAS"]),
    .library(name: "SentioTensorTestSupport", targets: ["SentioTensorTestSupport"]),
  ],
  traits: [
    .default(enabledTraits: ["OneDNN"]),
    .trait(
      name: "OneDNN",
      description: "Products, convolutions and reduced precision by oneDNN (libdnnl-dev)."),
  ],
  targets: [
    // Public modules
    .target(
      name: "SentioTensor",
      dependencies: [
        "SentioBLAS", "CSentioTensorKernels",
        .target(name: "CSentioOneDNN", condition: .when(traits: ["OneDNN"])),
      ]),
    .target(name: "SentioBLAS", dependencies: ["COpenBLAS", "CSentioTensorKernels"]),

    // C: inner loops compiled once per vector width, and the system's BLAS and LAPACK
    .target(
      name: "CSentioTensorKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),
    .systemLibrary(
      name: "COpenBLAS", pkgConfig: "openblas",
      providers: [.apt(["libopenblas-openmp-dev", "liblapacke-dev"])]),

    // What Sentio asks of oneDNN, in terms that its API versions 2 and 3 have in common
    .target(
      name: "CSentioOneDNN",
      cSettings: [.define("SENTIO_ONEDNN", .when(traits: ["OneDNN"]))],
      linkerSettings: [.linkedLibrary("dnnl", .when(traits: ["OneDNN"]))]),

    // Test support and tests
    .target(name: "SentioTensorTestSupport", dependencies: ["SentioTensor"]),
    .testTarget(name: "SentioBLASTests", dependencies: ["SentioBLAS"]),
    .testTarget(
      name: "SentioTensorTests",
      dependencies: [
        "SentioTensor", "SentioBLAS", "CSentioTensorKernels", "SentioTensorTestSupport",
      ],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

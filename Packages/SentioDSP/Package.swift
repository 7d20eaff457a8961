// swift-tools-version: 6.1
import PackageDescription

let package = Package(
  name: "SentioDSP",
  products: [
    .library(name: "SentioDSP", targets: ["SentioDSP"])
  ],
  targets: [
    .target(name: "SentioDSP", dependencies: ["CSentioDSPKernels", "CFFTW"]),

    // Inner loops that are compiled once per vector width.
    .target(
      name: "CSentioDSPKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [.linkedLibrary("m")]),

    .systemLibrary(name: "CFFTW", pkgConfig: "fftw3f", providers: [.apt(["libfftw3-dev"])]),

    .testTarget(
      name: "SentioDSPTests", dependencies: ["SentioDSP"],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

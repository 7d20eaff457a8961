// swift-tools-version: 6.1
import PackageDescription

// Pure Swift: this package has no dependency and links no C library.
let package = Package(
  name: "SentioMetrics",
  products: [
    .library(name: "SentioMetrics", targets: ["SentioMetrics"])
  ],
  targets: [
    .target(name: "SentioMetrics"),
    .testTarget(
      name: "SentioMetricsTests", dependencies: ["SentioMetrics"],
      resources: [.copy("Golden")]),
  ],
  swiftLanguageModes: [.v6]
)

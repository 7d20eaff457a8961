import ArgumentParser
import Foundation
import SentioBLAS
import SentioData
import SentioTensor

/// `sentio doctor`: what this machine has, and how to mend what is missing.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Say what this machine has, what is missing and how to mend it.",
    discussion: "Exit code 0 when nothing needs mending, 1 otherwise.")

  @Flag(help: "Print JSON.")
  var json = false

  func run() throws {
    let findings = Examination.findings()
    if json {
      try Terminal.printJSON(findings)
    } else {
      let width = findings.map(\.what.count).max() ?? 0
      for finding in findings {
        let mark = finding.mend == nil ? "ok" : "--"
        print(
          "  \(mark)  \(finding.what.padding(toLength: width + 2, withPad: " ", startingAt: 0))\(finding.found)"
        )
        if let mend = finding.mend { print("      mend: \(mend)") }
      }
    }
    if findings.contains(where: { $0.mend != nil && $0.isNeeded }) { throw ExitCode(1) }
  }
}

/// One thing that was looked at.
struct DoctorFinding: Encodable {
  var what: String
  var found: String
  /// How to mend it; absent where nothing needs mending.
  var mend: String?
  /// Whether Sentio can't work without it.
  var isNeeded = false
}

/// The examination of a machine.
enum Examination {
  static func findings() -> [DoctorFinding] {
    [swift(), processor(), cores(), blas(), tensors()] + libraries() + [
      encoder(), memory(), disk(),
    ]
  }

  private static func swift() -> DoctorFinding {
    let version = output(of: "swift", ["--version"]).flatMap { text in
      text.split(separator: "\n").first { $0.contains("Swift version") }.map(String.init)
    }
    return DoctorFinding(
      what: "Swift toolchain", found: version ?? "none on PATH",
      mend: version == nil
        ? "install Swift 6.1 or newer: https://www.swift.org/install/linux/" : nil)
  }

  private static func processor() -> DoctorFinding {
    let features = CPUFeatures.current
    return DoctorFinding(
      what: "processor", found: "\(CPUFeatures.processorName); \(features)",
      mend: features.contains(.avx2)
        ? nil : "without AVX2 everything works, several times slower; no mending but another chip")
  }

  private static func cores() -> DoctorFinding {
    let names = ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"].compactMap { name in
      ProcessInfo.processInfo.environment[name].map { "\(name)=\($0)" }
    }
    return DoctorFinding(
      what: "threads",
      found: "\(ProcessInfo.processInfo.activeProcessorCount) cores, BLAS uses "
        + "\(BLASRuntime.threadCount)\(names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")")
  }

  private static func blas() -> DoctorFinding {
    let isSlow =
      CPUFeatures.current.contains(.avx512f)
      && ["Haswell", "Zen", "Sandybridge", "Nehalem", "Prescott"].contains(BLASRuntime.coreName)
    return DoctorFinding(
      what: "BLAS",
      found: "\(BLASRuntime.configuration); core \(BLASRuntime.coreName) "
        + "(\(BLASRuntime.coreSelection)); threads by \(BLASRuntime.threading.rawValue)",
      mend: isSlow
        ? "this chip has AVX-512 but OpenBLAS runs \(BLASRuntime.coreName) kernels because "
          + "OPENBLAS_CORETYPE says so; unset it" : nil)
  }

  private static func tensors() -> DoctorFinding {
    let oneDNN = ComputeEngine.oneDNN.version.map { "oneDNN \($0)" } ?? "no oneDNN in this build"
    return DoctorFinding(
      what: "tensors",
      found: "\(oneDNN); bfloat16: \(Compute.support(for: .bfloat16)); "
        + "8-bit integers: \(Compute.integerSupport)",
      mend: ComputeEngine.oneDNN.isAvailable
        ? nil : "build SentioTensor with its trait OneDNN, which is on by default")
  }

  private static func libraries() -> [DoctorFinding] {
    [
      ("fftw3f", "libfftw3-dev"), ("openblas", "libopenblas-openmp-dev"),
      ("", "libdnnl-dev"),
      ("libavformat", "libavformat-dev"), ("libavcodec", "libavcodec-dev"),
      ("libavutil", "libavutil-dev"), ("zlib", "zlib1g-dev"), ("", "liblapacke-dev"),
      ("", "libsvm-dev"), ("", "libxgboost-dev"),
    ].map { module, package in
      let version =
        module.isEmpty
        ? output(of: "dpkg-query", ["-W", "-f", "${Version}", package])
        : output(of: "pkg-config", ["--modversion", module])
          ?? output(of: "dpkg-query", ["-W", "-f", "${Version}", package])
      return DoctorFinding(
        what: package,
        found: version?.trimmingCharacters(in: .whitespacesAndNewlines) ?? "not found",
        mend: version == nil
          ? "needed to build, not to run: make setup, or apt-get install \(package)" : nil)
    }
  }

  /// The corpus that the main job composes is MP3; not every FFmpeg can write it.
  private static func encoder() -> DoctorFinding {
    do {
      let encoded = try AudioEncoder(.mp3(bitRate: 64_000)).encode(
        [Float](repeating: 0, count: 4410), sampleRate: 44_100)
      return DoctorFinding(
        what: "MP3 encoder", found: "writes \(encoded.bytes.count) bytes for 0.1 s")
    } catch {
      return DoctorFinding(
        what: "MP3 encoder", found: "\(error)",
        mend: "install an FFmpeg with libmp3lame: apt-get install libavcodec-dev", isNeeded: true)
    }
  }

  private static func memory() -> DoctorFinding {
    let bytes = Double(ProcessInfo.processInfo.physicalMemory)
    return DoctorFinding(
      what: "memory", found: String(format: "%.1f GiB", bytes / 1_073_741_824),
      mend: bytes < 2 * 1_073_741_824 ? "building needs about 2 GiB" : nil)
  }

  private static func disk() -> DoctorFinding {
    let here = FileManager.default.currentDirectoryPath
    let free =
      (try? FileManager.default.attributesOfFileSystem(forPath: here))?[.systemFreeSize]
      .flatMap { ($0 as? NSNumber)?.doubleValue } ?? 0
    let gibibytes = free / 1_073_741_824
    return DoctorFinding(
      what: "free disk", found: String(format: "%.1f GiB at %@", gibibytes, here as NSString),
      mend: gibibytes < 3
        ? "building needs about 2 GiB, 400 composed songs 0.2 GiB: free some space" : nil,
      isNeeded: gibibytes < 0.5)
  }

  /// What a program prints, or `nil` where it can't be run or fails.
  private static func output(of program: String, _ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(filePath: "/usr/bin/env")
    process.arguments = [program] + arguments
    let pipe = Pipe()
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return nil }
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 && !data.isEmpty
      ? String(decoding: data, as: UTF8.self) : nil
  }
}

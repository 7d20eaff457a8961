import CSentioTensorKernels

/// The memory of the running program.
public enum ProcessMemory {
  /// Keeps freed blocks of up to 32 MiB for later calls instead of giving them back to the system.
  ///
  /// Tables of a few megabytes come and go with every fit; giving them back and having them zeroed again
  /// took two fifths of a small ridge search. It is a decision for a whole program, so a program takes it,
  /// at its start; no library of Sentio does.
  ///
  /// - Returns: whether the C library took the setting; it is glibc's.
  @discardableResult
  public static func keepFreedBlocks() -> Bool { sentio_keep_freed_memory() != 0 }
}

import SentioTensor

/// What a pickle of tensors holds, as far as it is read.
///
/// Containers stand in a table of the reader's and are meant by their places: Python's may hold each other in any depth,
/// and in circles, and nothing here may follow them without a bound.
enum PickleValue: Sendable, Hashable {
  case none
  case boolean(Bool)
  case integer(Int)
  case number(Double)
  case string(String)
  /// One of the classes and functions that are known.
  case global(PickleGlobal)
  /// The container of a place in the reader's table.
  case container(Int)
  /// A storage by its key in the archive.
  case storage(TorchStorage)
  case tensor(TorchTensorRecord)
}

/// A container of a pickle.
struct PickleContainer: Sendable {
  enum Kind: Sendable, Hashable {
    case tuple
    case list
    case dictionary
    /// A module of a TorchScript file; its attributes are the keys and values.
    case object
  }

  var kind: Kind
  /// Elements; of dictionaries and objects keys and values by turns.
  var elements: [PickleValue]
}

/// The classes and functions that may stand in a pickle of tensors; no other is known, and none is ever called.
enum PickleGlobal: Sendable, Hashable {
  case orderedDictionary
  case rebuildTensor
  case rebuildParameter
  case size
  case storage(ElementType)
  /// A class of a TorchScript file.
  case module

  /// The global of this name; nil for all that are refused.
  init?(module: String, name: String) {
    switch (module, name) {
    case ("collections", "OrderedDict"): self = .orderedDictionary
    case ("torch._utils", "_rebuild_tensor_v2"): self = .rebuildTensor
    case ("torch._utils", "_rebuild_parameter"): self = .rebuildParameter
    case ("torch", "Size"): self = .size
    case ("torch", "FloatStorage"): self = .storage(.float32)
    case ("torch", "DoubleStorage"): self = .storage(.float64)
    case ("torch", "HalfStorage"): self = .storage(.float16)
    case ("torch", "BFloat16Storage"): self = .storage(.bfloat16)
    case ("torch", "LongStorage"): self = .storage(.int64)
    case ("torch", "IntStorage"): self = .storage(.int32)
    case ("torch", "ShortStorage"): self = .storage(.int16)
    case ("torch", "CharStorage"): self = .storage(.int8)
    case ("torch", "ByteStorage"): self = .storage(.uint8)
    case ("torch", "BoolStorage"): self = .storage(.bool)
    default:
      guard module == "__torch__" || module.hasPrefix("__torch__.") else { return nil }
      self = .module
    }
  }
}

/// Numbers of an archive, as a pickle describes them.
struct TorchStorage: Sendable, Hashable {
  var elementType: ElementType
  /// The name of the member that holds them, behind `data/`.
  var key: String
  var count: Int
}

/// A tensor as a pickle describes it: places of a storage.
struct TorchTensorRecord: Sendable, Hashable {
  var storage: TorchStorage
  var offset: Int
  var shape: [Int]
  var strides: [Int]
}

import SentioTensor

/// Goes through the members of a module and of all modules in it, in the order in which they are handed over.
///
/// A module calls it with each of its wrappers in ``Module/visitMembers(_:)``. Going through a model is a
/// loop over stored properties: there is no reflection in it. Only the names of members without a key, and the
/// check that none was forgotten, come from a mirror, once a type.
public struct MemberVisitor {
  typealias Path = String

  /// What a member's tensor is exchanged for while another has it.
  static let placeholder = Tensor(0)

  var onParameter: ((Path, inout Tensor, inout ParameterTraits) -> Void)?
  var onBuffer: ((Path, inout Tensor, _ isPersistent: Bool) -> Void)?
  var onModule: ((Path, inout any Module) -> Void)?
  private let namesPaths: Bool
  private var path = ""
  private var names: [String] = []
  private var index = 0
  private var isMarking = false

  /// Creates a visitor; paths are empty unless they are asked for.
  init(namesPaths: Bool) {
    self.namesPaths = namesPaths
  }

  /// Takes a parameter.
  ///
  /// - Parameter parameter: the wrapper.
  public mutating func callAsFunction<Value>(_ parameter: inout Parameter<Value>) {
    guard let path = nextPath(parameter.member.key, &parameter.member.mark), let onParameter else {
      return
    }
    var traits = parameter.projectedValue
    parameter.member.value.withTensor { onParameter(path, &$0, &traits) }
    parameter.projectedValue = traits
  }

  /// Takes a buffer.
  ///
  /// - Parameter buffer: the wrapper.
  public mutating func callAsFunction<Value>(_ buffer: inout Buffer<Value>) {
    guard let path = nextPath(buffer.member.key, &buffer.member.mark), let onBuffer else { return }
    let isPersistent = buffer.isPersistent
    buffer.member.value.withTensor { onBuffer(path, &$0, isPersistent) }
  }

  /// Takes a child.
  ///
  /// - Parameter child: the wrapper.
  public mutating func callAsFunction<Value>(_ child: inout Child<Value>) {
    guard let path = nextPath(child.member.key, &child.member.mark) else { return }
    let outer = self.path
    self.path = path
    child.member.value.visitModules(&self)
    self.path = outer
  }

  /// Takes a module as a whole.
  ///
  /// - Parameter module: the module, which stands at the path that was descended to.
  public mutating func enter<M: Module>(_ module: inout M) {
    if let onModule {
      var any: any Module = module
      onModule(path, &any)
      module = any as! M
    }
    guard namesPaths else { return module.visitMembers(&self) }
    let outer = (names, index)
    (names, index) = (MemberNames.of(module), 0)
    module.visitMembers(&self)
    precondition(
      index == names.count,
      "\(M.self).visitMembers hands over \(index) members, and \(names.count) before: hand over all, always"
    )
    (names, index) = outer
  }

  /// Goes one step down the path for what a closure hands over.
  ///
  /// - Parameters:
  ///   - component: the step; none if empty.
  ///   - body: hands over modules.
  public mutating func descend(to component: String, _ body: (inout MemberVisitor) -> Void) {
    let outer = path
    if namesPaths { path = Self.join(path, component) }
    body(&self)
    path = outer
  }

  /// The path of the next member; nil if there is nothing to be done with it.
  private mutating func nextPath(_ key: String?, _ mark: inout Int?) -> Path? {
    defer { index += 1 }
    if isMarking {
      mark = index
      return nil
    }
    guard namesPaths else { return "" }
    precondition(index < names.count, "visitMembers hands over more members than it did before")
    return Self.join(path, key ?? names[index])
  }

  /// Two parts of a path with a dot between them, unless one is empty.
  static func join(_ path: String, _ component: String) -> String {
    path.isEmpty ? component : component.isEmpty ? path : "\(path).\(component)"
  }

  /// Numbers the members of a module, not those of its children, in the order in which it hands them over.
  static func mark<M: Module>(_ module: inout M) {
    var visitor = MemberVisitor(namesPaths: false)
    visitor.isMarking = true
    module.visitMembers(&visitor)
  }
}

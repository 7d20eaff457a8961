import Synchronization

/// The names of the members of each type of module, found once.
///
/// A mirror can read a property's name and cannot write the property; `visitMembers` can write and has no
/// names. So the members of a copy are numbered as they are handed over, and the mirror reads which name got
/// which number, and which got none: that one was forgotten.
enum MemberNames {
  private static let table = Mutex<[ObjectIdentifier: [String]]>([:])

  /// The names in the order in which the type hands its members over.
  static func of<M: Module>(_ module: M) -> [String] {
    let type = ObjectIdentifier(M.self)
    if let names = table.withLock({ $0[type] }) { return names }
    let names = find(module)
    table.withLock { $0[type] = names }
    return names
  }

  private static func find<M: Module>(_ module: M) -> [String] {
    var copy = module
    MemberVisitor.mark(&copy)
    var names: [(mark: Int, name: String)] = []
    for (label, value) in Mirror(reflecting: copy).children {
      guard let member = value as? any ModuleMember else { continue }
      let name = String((label ?? "").drop { $0 == "_" })
      guard let mark = member.mark else {
        fatalError(
          "\(M.self).visitMembers does not hand over `\(name)`: add `visit(&_\(name))` to it")
      }
      names.append((mark, name))
    }
    return names.sorted { $0.mark < $1.mark }.map(\.name)
  }
}

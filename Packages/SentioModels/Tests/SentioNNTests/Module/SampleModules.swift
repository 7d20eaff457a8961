import SentioNN
import SentioTensor

/// Weighted sums, with a key of their own for one parameter.
struct Sums: Layer {
  var site = Site()
  @Parameter("kernel", regularizer: .l2(0.5)) var weight: Tensor
  @Parameter var bias: Tensor?

  init(_ weight: Tensor, bias: Tensor? = nil) {
    self.weight = weight
    self.bias = bias
  }

  // Handed over in another order than declared: names must not depend on it.
  mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_bias)
    visit(&_weight)
  }

  func forward(_ x: Tensor) -> Tensor { x.linear(weight, bias: bias) }
}

/// Two layers of sums, an optional third, a list, and a counter that training changes.
struct Net: Layer {
  var site = Site()
  @Child("body.first") var first: Sums
  @Child var list: [Sums]
  @Child var head: Sums?
  @Buffer var calls: Tensor
  @Buffer(persistent: false) var scratch: Tensor

  init(head: Bool = true) {
    first = Sums([[1, 2], [3, 4], [5, 6]], bias: [1, 1, 1])
    list = [Sums([[1, 0, 0], [0, 1, 0]]), Sums([[1, 1], [2, 1]])]
    self.head = head ? Sums([[1, 2]], bias: [3]) : nil
    calls = Tensor(0)
    scratch = [7, 7]
  }

  mutating func visitMembers(_ visit: inout MemberVisitor) {
    visit(&_first)
    visit(&_list)
    visit(&_head)
    visit(&_calls)
    visit(&_scratch)
  }

  func forward(_ x: Tensor) -> Tensor {
    if let pass = site.training {
      pass.update("calls", of: site, to: (pass.current("calls", of: site) ?? calls) + 1)
    }
    let y = list.reduce(first(x)) { $1($0) }
    return head?(y) ?? y
  }
}

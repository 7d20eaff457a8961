import SentioNN
import SentioTensor
import Testing

/// What a programmer gets wrong stops the program, with the name of what is wrong.
@Suite struct ModuleMistakeTests {
  struct Forgetful: Module {
    @Parameter var weight: Tensor
    @Parameter var bias: Tensor?

    init() { weight = [1] }

    mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_weight) }
  }

  struct Unset: Module {
    @Parameter("gamma") var weight: Tensor

    init() {}

    mutating func visitMembers(_ visit: inout MemberVisitor) { visit(&_weight) }
  }

  struct Ambiguous: Module {
    @Parameter("weight") var first: Tensor
    @Parameter("weight") var second: Tensor

    init() {
      first = [1]
      second = [2]
    }

    mutating func visitMembers(_ visit: inout MemberVisitor) {
      visit(&_first)
      visit(&_second)
    }
  }

  private func text(_ result: ExitTest.Result?) -> String {
    String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
  }

  @Test func aForgottenMemberIsNamed() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Forgetful().parameters }
    #expect(text(result).contains("Forgetful.visitMembers does not hand over `bias`"))
  }

  @Test func aParameterThatWasNotSetIsNamed() async {
    let result = await #expect(
      processExitsWith: .failure, observing: [\.standardErrorContent]
    ) { _ = Unset().weight }
    #expect(text(result).contains("the Tensor \"gamma\" of a module is read before"))
  }

  @Test func twoMembersOfOnePathStopTheProgram() async {
    await #expect(processExitsWith: .failure) { _ = Ambiguous().stateDictionary }
  }
}

import SentioNN
import Testing

@Suite("Update rules")
struct UpdateRuleTests {
  @Test("a rule keeps only the moments that it uses")
  func moments() {
    #expect(UpdateRule.sgd().momentNames == [])
    #expect(UpdateRule.sgd(momentum: 0.9).momentNames == ["velocity"])
    #expect(UpdateRule.rmsProp().momentNames == ["square"])
    #expect(
      UpdateRule.rmsProp(momentum: 0.5, isCentered: true).momentNames
        == ["square", "mean", "velocity"])
    #expect(UpdateRule.adam().momentNames == ["first", "second"])
    #expect(
      UpdateRule.adam(usesLargestSquare: true).momentNames == ["first", "second", "largest"])
  }
}

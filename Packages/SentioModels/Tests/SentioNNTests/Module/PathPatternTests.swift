import SentioNN
import Testing

@Suite struct PathPatternTests {
  @Test(arguments: [
    ("encoder", "encoder", true), ("encoder", "encoder.layer.0", true),
    ("encoder", "encoders", false), ("encoder", "vit.encoder", false), ("**", "", true),
    ("**", "a.b", true), ("*", "a.b", true), ("*.bias", "a.bias", true),
    ("*.bias", "a.b.bias", false), ("**.bias", "a.b.bias", true), ("**.bias", "bias", false),
    ("layer.?", "layer.7.weight", true), ("layer.?", "layer.12", false),
    ("layer.{8,12}", "layer.12.x", true), ("layer.{8,12}", "layer.1", false),
    ("{a,b}.{c,d}", "b.c", true), ("{a,b}.{c,d}", "b.e", false),
    ("**{weight,bias}", "x.weight", true),
    ("{a,b.{c,d}}.e", "b.d.e", true), ("{a,b.{c,d}}.e", "b.e", false),
    ("{a,b.{c,d}}.e", "a.e", true), ("{{a,b},c}", "c.x", true), ("x{,.{y,z}}.w", "x.z.w", true),
    ("x{,.{y,z}}.w", "x.w", true), ("{*.{0,1},head}", "layer.1", true),
    ("{*.{0,1},head}", "layer.2", false), ("a{b{c,d}", "a{bd", true), ("a}b", "a}b", true),
    ("{**.bias,a}.{x,y}", "p.q.bias.y", true), ("a,b", "a,b", true),
    ("a{b", "a{b", true), ("ab*c", "abc", true), ("ab*c", "abxyc.d", true), ("", "", true),
    ("", "a", false),
  ])
  func matches(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(PathPattern(pattern).matches(path) == expected)
  }

  /// What follows every way by itself would not come to an end.
  @Test func manyRunsAndBracesAreNoWork() {
    let runs = PathPattern(String(repeating: "**a", count: 60) + "b")
    #expect(!runs.matches(String(repeating: "a", count: 200)))
    let braces = PathPattern(String(repeating: "{a,{b,c}}", count: 60))
    #expect(braces.matches(String(repeating: "c", count: 60)))
    #expect(!braces.matches(String(repeating: "c", count: 59)))
  }
}

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
    ("a{b", "a{b", true), ("ab*c", "abc", true), ("ab*c", "abxyc.d", true), ("", "", true),
    ("", "a", false),
  ])
  func matches(_ pattern: String, _ path: String, _ expected: Bool) {
    #expect(PathPattern(pattern).matches(path) == expected)
  }
}

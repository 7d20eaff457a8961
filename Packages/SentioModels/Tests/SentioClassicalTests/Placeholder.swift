import SentioClassical
import Testing

@Test func ridgeRecoversAPlane() throws {
  let design = try Design(values: [0, 0, 1, 0, 0, 1, 1, 1, 2, 1], columnCount: 2)
  let targets = try Targets(outputs: ["y"], values: [1, 3, 0, 2, 4])
  let model = try Ridge(design, targets, settings: Ridge.Settings(alpha: 0))
  #expect(abs(model.coefficients[0] - 2) < 1e-12 && abs(model.coefficients[1] + 1) < 1e-12)
  #expect(abs(model.intercepts[0] - 1) < 1e-12)
}

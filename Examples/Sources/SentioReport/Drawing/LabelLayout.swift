/// Finds free places for words beside points of a drawing.
struct LabelLayout {
  /// An upright box.
  struct Box {
    let x: Double
    let y: Double
    let width: Double
    let height: Double

    func overlaps(_ other: Box) -> Bool {
      x < other.x + other.width && other.x < x + width && y < other.y + other.height
        && other.y < y + height
    }
  }

  /// The area that words must stay in.
  let area: Box
  private var taken: [Box] = []

  init(area: Box) { self.area = area }

  /// Keeps words away from a point's mark.
  mutating func occupy(x: Double, y: Double, radius: Double) {
    taken.append(Box(x: x - radius, y: y - radius, width: 2 * radius, height: 2 * radius))
  }

  /// A place for a word near a mark: above, below, beside, and then farther and farther away.
  ///
  /// - Returns: the middle of the word's base line.
  mutating func place(
    _ text: String, x: Double, y: Double, radius: Double
  ) -> (x: Double, y: Double) {
    // 11.5 px letters are 6.6 wide on average and 13 high with their line.
    let (width, height) = (6.6 * Double(text.count), 13.0)
    var best: (box: Box, cost: Int)?
    for distance in stride(from: 4.0, through: 96, by: 8) {
      let far = radius + distance
      for (dx, dy) in [
        (0, -far), (0, far + 9), (far + width / 2, 4), (-far - width / 2, 4),
        (width / 3, -far), (-width / 3, -far), (width / 3, far + 9), (-width / 3, far + 9),
      ] {
        let middle = min(
          max(x + dx, area.x + width / 2), area.x + area.width - width / 2)
        let base = min(max(y + dy, area.y + 11), area.y + area.height - 3)
        let box = Box(x: middle - width / 2, y: base - 11, width: width, height: height)
        let cost = taken.count { $0.overlaps(box) }
        if cost < best?.cost ?? .max { best = (box, cost) }
        guard cost > 0 else { break }
      }
      if best?.cost == 0 { break }
    }
    guard let box = best?.box else { return (x, y) }
    taken.append(box)
    return (box.x + width / 2, box.y + 11)
  }
}

/// Deals songs to parts so that groups stay whole and strata are spread in proportion.
///
/// Groups of several songs are dealt first, the largest first, each to the part where it brings the
/// strata nearest to their targets. Single songs then fill what is left, stratum by stratum, with the
/// rounding error carried from one stratum to the next: without larger groups the parts' sizes come out
/// exactly as asked.
struct PartAssignment {
  let strata: [Int]
  let groups: [Int]
  /// Songs that each part should get; the sum is the number of songs.
  let targets: [Int]

  /// Splits `count` by fractions into whole numbers, the largest remainders rounded up.
  static func sizes(_ count: Int, fractions: [Double]) -> [Int] {
    let total = fractions.reduce(0, +)
    let exact = fractions.map { Double(count) * $0 / total }
    var sizes = exact.map { Int($0 + 1e-9) }
    let byRemainder = fractions.indices.sorted {
      let (a, b) = (exact[$0] - Double(sizes[$0]), exact[$1] - Double(sizes[$1]))
      return abs(a - b) < 1e-9 ? $0 < $1 : a > b
    }
    for index in 0..<(count - sizes.reduce(0, +)) { sizes[byRemainder[index]] += 1 }
    return sizes
  }

  /// The part of each song.
  func run(_ generator: inout SeededGenerator) -> [Int] {
    let count = strata.count
    let strataCount = (strata.max() ?? 0) + 1
    var parts = [Int](repeating: -1, count: count)
    var filled = [Int](repeating: 0, count: targets.count)
    var cells = [[Int]](
      repeating: [Int](repeating: 0, count: strataCount), count: targets.count)
    var stratumSize = [Int](repeating: 0, count: strataCount)
    for stratum in strata { stratumSize[stratum] += 1 }
    let shares = targets.map { Double($0) / Double(max(1, count)) }

    var members = [[Int]](repeating: [], count: (groups.max() ?? -1) + 1)
    for (song, group) in groups.enumerated() { members[group].append(song) }
    var large = members.filter { $0.count > 1 }
    generator.shuffle(&large)
    // Ties in size keep their random order.
    let order = large.indices.sorted {
      large[$0].count == large[$1].count ? $0 < $1 : large[$0].count > large[$1].count
    }
    for group in order.map({ large[$0] }) {
      var inStratum: [Int: Int] = [:]
      for song in group { inStratum[strata[song], default: 0] += 1 }
      func cost(_ part: Int) -> Double {
        func added(_ now: Int, _ more: Int, _ target: Double) -> Double {
          let (now, more) = (Double(now), Double(more))
          return more * (2 * (now - target) + more) / max(target, 0.5)
        }
        var cost = added(filled[part], group.count, Double(targets[part])) * Double(strataCount)
        for (stratum, number) in inStratum.sorted(by: { $0.key < $1.key }) {
          cost += added(
            cells[part][stratum], number, shares[part] * Double(stratumSize[stratum]))
        }
        return cost
      }
      let costs = targets.indices.map(cost)
      let best = targets.indices.min { costs[$0] < costs[$1] }!
      for song in group {
        parts[song] = best
        cells[best][strata[song]] += 1
      }
      filled[best] += group.count
    }

    var carry = [Double](repeating: 0, count: targets.count)
    for stratum in 0..<strataCount {
      var single = strata.indices.filter { strata[$0] == stratum && parts[$0] < 0 }
      generator.shuffle(&single)
      let wanted = targets.indices.map {
        max(0, shares[$0] * Double(stratumSize[stratum]) - Double(cells[$0][stratum]))
      }
      let sum = wanted.reduce(0, +)
      let rates = wanted.indices.map { sum > 0 ? wanted[$0] / sum : shares[$0] }
      for song in single {
        for part in targets.indices { carry[part] += rates[part] }
        let open = targets.indices.filter { filled[$0] < targets[$0] }
        let part = (open.isEmpty ? Array(targets.indices) : open).max { carry[$0] < carry[$1] }!
        carry[part] -= 1
        parts[song] = part
        filled[part] += 1
      }
    }
    return parts
  }
}

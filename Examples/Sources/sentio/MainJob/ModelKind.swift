import ArgumentParser
import SentioClassical

/// The models of the classical half of the report.
enum ModelKind: String, CaseIterable, ExpressibleByArgument {
  case ridge
  case svr
  case xgboost

  /// The name in tables.
  var title: String {
    switch self {
    case .ridge: "Ridge Regression"
    case .svr: "SVR (RBF)"
    case .xgboost: "XGBoost"
    }
  }

  /// The candidates of a search.
  func candidates(_ grid: GridChoice, seed: UInt64) -> [Pipeline.Settings] {
    let algorithms: [Algorithm] =
      switch (self, grid) {
      case (.ridge, .single): [.ridge(Ridge.Settings())]
      case (.ridge, _): Ridge.Settings.reportGrid.map(Algorithm.ridge)
      case (.svr, .single): [.supportVector(SupportVectorRegression.Settings())]
      case (.svr, _): SupportVectorRegression.Settings.reportGrid.map(Algorithm.supportVector)
      case (.xgboost, .single): [.boostedTrees(BoostedTrees.Settings(seed: seed))]
      case (.xgboost, .small): trees(BoostedTrees.Settings.smallGrid, seed)
      case (.xgboost, .report): trees(BoostedTrees.Settings.reportGrid, seed)
      }
    return algorithms.map { Pipeline.Settings($0, constantColumns: .drop) }
  }

  private func trees(_ grid: [BoostedTrees.Settings], _ seed: UInt64) -> [Algorithm] {
    grid.map {
      var settings = $0
      settings.seed = seed
      return .boostedTrees(settings)
    }
  }
}

/// How many settings a search tries.
enum GridChoice: String, Codable, CaseIterable, ExpressibleByArgument {
  /// The report's final settings and no search.
  case single
  /// Six ridge penalties, the report's 48 SVR settings, six settings of the trees.
  case small
  /// The report's grids.
  case report
}

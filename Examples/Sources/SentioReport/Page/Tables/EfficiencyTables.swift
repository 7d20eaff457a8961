extension RunReport {
  /// Size and time of every model beside what is claimed.
  public var modelTable: ReportTable {
    ReportTable(
      caption: "Size and time of this run's models on this machine, beside the claimed ones",
      header: [
        "Model", "numbers learned", "claimed", "file", "training", "claimed", "peak memory",
        "one song", "claimed", "precision",
      ],
      rows: lines.map { line in
        [
          line.title, line.cell { shortCount(Double($0.parameterCount)) },
          line.claimed?.parameters ?? "–", line.cell { $0.fileSize.map(byteCount) },
          line.cell { duration($0.trainingSeconds ?? $0.searchSeconds + $0.fitSeconds) },
          line.claimed?.training ?? "–", line.cell { $0.peakMemory.map(byteCount) },
          line.cell { duration($0.predictSecondsPerSong) }, line.claimed?.inference ?? "–",
          line.cell { $0.precision },
        ]
      })
  }

  /// The settings that were chosen on the training songs.
  var settingsTable: ReportTable {
    ReportTable(
      caption: "Settings, as given or as found on the training songs",
      header: ["Model", "settings", "R² (cross-validated)", "search", "fit"],
      rows: models.map { model in
        [
          model.title, model.settings.map { "\($0.name) \($0.value)" }.joined(separator: ", "),
          model.crossValidatedR2.map { fixed($0, 3) } ?? "–",
          model.searchSeconds > 0 ? duration(model.searchSeconds) : "–",
          duration(model.fitSeconds),
        ]
      },
      proseColumns: [1])
  }

  /// What every model learned from, and how its agreement falls from training to test songs.
  var dataTable: ReportTable {
    ReportTable(
      caption: "Examples learned from, epochs, and mean CCC on training, validation and test songs",
      header: [
        "Model", "real songs", "synthetic", "epochs", "kept epoch", "CCC training",
        "CCC validation", "CCC test",
      ],
      rows: lines.map { line in
        [
          line.title,
          line.cell { "\($0.realExamples ?? corpus.training + corpus.validation)" },
          line.cell { "\($0.syntheticExamples ?? 0)" }, line.cell { $0.epochs.map(String.init) },
          line.cell { $0.bestEpoch.map(String.init) },
          line.cell { $0.trainingCCC.map { fixed($0, 3) } },
          line.cell { $0.validationCCC.map { fixed($0, 3) } },
          line.cell { fixed($0.meanCCC.estimate, 3) },
        ]
      })
  }
}

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nas/core/json.hpp"
#include "nas/report/curves.hpp"
#include "nas/report/importance.hpp"
#include "nas/report/report_config.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// An architecture that is shown as a drawing.
struct DrawnTrial {
  size_t trial = 0;         // its place in ReportInput::trials
  std::vector<Json> cells;  // see Space::drawing
};

/// What one trial reported on the way to its score.
struct TrialCurve {
  int64_t number = 0;
  LearningCurve points;
};

/// How the mixture of a supernet changed: architecture.json of the trial that trained it.
struct SupernetHistory {
  int64_t number = 0;
  Json history;
};

struct ExportedFile {
  std::string name;  // below best/export
  int64_t bytes = 0;
};

/// Everything a report tells.
struct ReportInput {
  std::string name;
  std::vector<Trial> trials;
  Objectives objectives;                   // at least one
  std::vector<std::string> architectures;  // by trial, empty where it has no point
  std::vector<DrawnTrial> drawn;           // the best first
  Json best;                               // content of best/metrics.json, or null
  Choices choices;
  std::optional<Importance> importance;  // of the first objective's metric
  std::vector<CurveGroup> curves;        // see CurveReader
  std::vector<TrialCurve> trial_curves;  // of the best trials, the best first
  std::vector<SupernetHistory> supernets;
  Json pruned;  // content of best/pruned/metrics.json, or null
  Json int8;    // content of best/int8/metrics.json, or null
  std::vector<ExportedFile> exports;
  ReportConfig costs;
  Json provenance;
  std::string config;
  std::string command;
};

}  // namespace nas

#pragma once

#include <optional>
#include <string>
#include <vector>

#include "nas/core/json.hpp"
#include "nas/report/curves.hpp"
#include "nas/report/importance.hpp"
#include "nas/search/objective.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// Everything a report tells.
struct ReportInput {
  std::string name;
  std::vector<Trial> trials;
  Objectives objectives;                   // at least one
  std::vector<std::string> architectures;  // by trial, empty where it has no point
  std::vector<Json> cells;                 // of the best point, see Space::drawing
  Json best;                               // content of best/metrics.json, or null
  Choices choices;
  std::optional<Importance> importance;  // of the first objective's metric
  std::vector<CurveGroup> curves;        // see read_curves
  Json provenance;
  std::string config;
  std::string command;
};

/// One self-contained HTML page: no script, nothing loaded, light and dark, narrow and printed.
std::string render_report(const ReportInput& input);

}  // namespace nas

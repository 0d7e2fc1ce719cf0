#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nas/evaluate/table.hpp"
#include "nas/evaluate/zero_cost/proxy_kinds.hpp"

namespace nas {

/// `evaluator:` of type zero_cost.
struct ZeroCostOptions {
  std::vector<std::string> metrics{"synflow"};
  ProxySetting setting;
  /// Figures of a benchmark to stand beside the scores.
  std::optional<TableOptions> table;
};

void describe(Section& section, ZeroCostOptions& options);

/// `screen:` of an evaluator that trains.
struct ScreenOptions {
  std::string metric = "synflow";
  /// Random points of the space that a candidate is compared with.
  int64_t candidates = 32;
  /// Share of them that would be let through.
  double keep = 0.5;
  /// Draws the points; not the experiment's, so that its repetitions have the same threshold.
  int64_t seed = 0;
  ProxySetting setting;
};

void describe(Section& section, ScreenOptions& options);

}  // namespace nas

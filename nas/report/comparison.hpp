#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/search/objective.hpp"

namespace nas {

/// One of several runs that are shown beside each other.
struct ComparedRun {
  std::string path;  // of its report on the server
  std::string name;
  std::string folder;
  std::string state;  // "running" or "not running"
  Objective objective;
  std::vector<Trial> trials;
};

/// {"runs": [{path, name, folder, state, count, failed, metric, best, seconds, trials, time}...]};
/// trials and time are [place, best so far] where it improved, and at the end. Place is the trial's
/// number, or seconds from the first trial's start.
Json comparison_data(std::span<const ComparedRun> runs);

/// The page that shows it, and asks /runs.json for news.
std::string render_comparison(std::span<const ComparedRun> runs);

}  // namespace nas

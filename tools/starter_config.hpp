#pragma once

#include <filesystem>
#include <string>

#include "nas/data/data_survey.hpp"

namespace nas {

/// How large a search this machine copes with in about half an hour.
struct StarterSize {
  int64_t limit = 0;  // examples; 0: all
  int64_t batch_size = 64;
  int64_t epochs = 0;
  int64_t trials = 30;
  int64_t retrain_epochs = 0;
  int64_t seeds = 3;
  double seconds = 0;  // that search and retraining may take, roughly
};

/// For pictures of this shape that a NAS-Bench-201 network of `kStarterChannels` channels learns,
/// or for a table; `cores` work at once.
StarterSize starter_size(const DataSurvey& survey, int64_t cores);

inline constexpr int64_t kStarterChannels = 16;

/// A whole configuration for these data, with a comment on every key. `file` is where it will be:
/// data beside or below it are named relative to it.
std::string starter_config(const DataSurvey& survey, const std::filesystem::path& file,
                           const StarterSize& size);

}  // namespace nas

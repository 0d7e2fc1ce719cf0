#pragma once

#include <cstdint>
#include <vector>

#include "nas/data/reader.hpp"

namespace nas {

/// By feature of a table: median of the numbers that are there (0 where there are none), then, with
/// it in place of the missing ones, mean and deviation (with N in the denominator; 1 for a constant
/// feature). 0, 0 and 1 for codes.
struct FeatureStatistics {
  std::vector<float> median;
  std::vector<float> mean;
  std::vector<float> deviation;
};

/// Puts each feature's median in place of its missing numbers.
void fill_missing(LabelledImages& table, const std::vector<float>& median);

/// Statistics over the examples `training` alone, and the whole table filled by their medians.
FeatureStatistics complete(LabelledImages& table, const std::vector<int64_t>& training);

}  // namespace nas

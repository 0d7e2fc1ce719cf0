#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nas {

/// Generalized advantage estimation (Schulman et al. 2016, arXiv 1506.02438, equations 11 to 16) of
/// episodes that are cut, not ended. `rewards` is [steps][environments], `values` has one step
/// more. The advantages are [steps][environments].
std::vector<float> advantages(std::span<const float> rewards, std::span<const float> values,
                              int64_t environments, double discount, double trace);

}  // namespace nas

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include "nas/export/quantized_network.hpp"

namespace nas {

/// How much of what was seen a range covers: all of it; what lies between the 0.01th and
/// the 99.99th percentile; or as much as leaves the least mean squared error on 256 steps.
enum class RangeRule { min_max, percentile, mse };
constexpr std::array<std::pair<std::string_view, RangeRule>, 3> kRangeRules{
    {{"min_max", RangeRule::min_max},
     {"percentile", RangeRule::percentile},
     {"mse", RangeRule::mse}}};

/// Least and largest values by node, from a first look at calibration samples.
class ValueLimits {
 public:
  explicit ValueLimits(size_t nodes) : ranges_(nodes), seen_(nodes) {}
  void add(size_t node, std::span<const float> values);
  /// Empty ranges (0, 0) of nodes that had no values.
  const std::vector<Range>& ranges() const { return ranges_; }

 private:
  std::vector<Range> ranges_;
  std::vector<char> seen_;
};

/// How values lie between these limits, by node, from a second look.
class ValueHistograms {
 public:
  explicit ValueHistograms(const std::vector<Range>& limits);
  void add(size_t node, std::span<const float> values);
  /// By node.
  std::vector<Range> ranges(RangeRule rule) const;

 private:
  std::vector<Range> limits_;
  std::vector<std::vector<int64_t>> counts_;
};

}  // namespace nas

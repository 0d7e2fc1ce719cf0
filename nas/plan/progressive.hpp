#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/supernet_plan.hpp"

namespace nas {

/// By group and row, the indices of the options that are left, rising; as many in every row of a
/// group. Empty: all of all groups.
using KeptOptions = std::vector<std::vector<std::vector<int64_t>>>;

/// Only the options that are kept. Options of a group are named by their rank then, since rows
/// differ in what they keep.
SupernetPlan with_options(SupernetPlan plan, const KeptOptions& kept);

/// The options skip_connect followed by DropPath.
SupernetPlan with_skip_dropout(SupernetPlan plan);

/// Weights of all options of `groups`, 0 for those that are not kept.
ArchitectureWeights expanded(const ArchitectureWeights& weights,
                             const std::vector<ArchitectureGroup>& groups, const KeptOptions& kept);

/// The `count` options of largest weight of every row, the first among equals; all where `count` is
/// 0 or no smaller than their number.
KeptOptions strongest_options(const ArchitectureWeights& weights,
                              const std::vector<ArchitectureGroup>& groups, int64_t count);

}  // namespace nas

#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// Architecture parameters shared by all Mixed layers of one kind of cell: [rows, options].
struct ArchitectureGroup {
  std::string name;  // "normal", "reduce"
  int64_t rows = 0;  // edges of the cell
  std::vector<std::string> options;
};

/// One network that holds every option of each choice, as Mixed layers.
struct SupernetPlan {
  NetworkPlan network;
  std::vector<ArchitectureGroup> groups;
};

/// Mixture weights or logits of one ArchitectureGroup, row-major [rows, options].
using ArchitectureWeights = std::vector<std::vector<double>>;

}  // namespace nas

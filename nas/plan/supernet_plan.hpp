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

/// Every Mixed layer of `plan`, whose options keep the number of channels, with only 1/part of the
/// channels going through them (see Mixed). `input` is the shape of the network's input. Throws
/// InputError naming the layer whose channels cannot be divided so.
SupernetPlan with_partial_channels(SupernetPlan plan, const Shape& input, int64_t part);

/// By group and row, the number of the node that the row's Mixed layers are added up in; numbered
/// from 0 within a group. A row that is in no sum has a number of its own.
std::vector<std::vector<int64_t>> targets_of_rows(const SupernetPlan& plan);

/// Mixture weights or logits of one ArchitectureGroup, row-major [rows, options].
using ArchitectureWeights = std::vector<std::vector<double>>;

}  // namespace nas

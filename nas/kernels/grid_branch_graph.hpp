#pragma once

#include <torch/types.h>

#include <vector>

#include "nas/kernels/branch_graph.hpp"

namespace nas {

/// branch_graph() sum by sum with grid_branch_sum().
std::vector<torch::Tensor> grid_branch_graph(BranchGraph graph, const NormPass& pass);

}  // namespace nas

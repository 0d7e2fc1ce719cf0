#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/plan/network.hpp"
#include "nas/torch/joined_graph.hpp"
#include "nas/torch/program_step.hpp"

namespace nas {

/// Steps in order with all sources and what can be computed with them in graphs, which are added to
/// `graphs`: pools without batch norms, sums, DropPath in front of them and concatenations join
/// what they read. `outputs` are slots that are read from outside.
std::vector<ProgramStep> join_graphs(const NetworkPlan& plan, const std::vector<ProgramStep>& steps,
                                     const std::vector<int64_t>& outputs,
                                     std::vector<std::unique_ptr<JoinedGraph>>& graphs);

}  // namespace nas

#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "nas/plan/execution.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/joined_graph.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/observer.hpp"
#include "nas/torch/program_step.hpp"

namespace nas {

struct JoinedNodes;

/// The functions of a plan, by node; a node without one (the Input) holds nothing.
using LayerFunctions = std::vector<std::unique_ptr<LayerFunction>>;

/// LayerFunctions of all nodes; weights are registered in plan order below `prefix` (may be empty).
LayerFunctions make_layer_functions(const NetworkPlan& plan, const std::string& prefix,
                                    WeightTable& weights);

/// The execution_steps of some outputs of a plan, ready to run; tensors are let go after their last
/// use. Nodes that branch_sum() can take together run as one step where nobody observes them.
class Program {
 public:
  /// `functions` must outlive the program. Where a ReLU may overwrite its input it is replaced by
  /// one that does.
  Program(const NetworkPlan& plan, const std::vector<int64_t>& outputs,
          const LayerFunctions& functions);

  std::vector<torch::Tensor> run(const torch::Tensor& input, const Pass& pass) const;
  /// The same, told to `observer`, which sees outputs as they were rewritten.
  std::vector<torch::Tensor> run(const torch::Tensor& input, const Pass& pass,
                                 const NodeObserver& observer) const;

 private:
  std::vector<ProgramStep> join_nodes(std::vector<JoinedNodes> all);
  std::vector<ProgramStep> share_relus(const NetworkPlan& plan, std::vector<ProgramStep> all) const;
  std::vector<ProgramStep> part_sources(const std::vector<ProgramStep>& all,
                                        OverAllChannels over_all);
  const std::vector<ProgramStep>& steps_for(const torch::Tensor& input, const Pass& pass) const;
  void plan_releases(std::vector<ProgramStep>& steps) const;

  int64_t slots_ = 0;
  std::vector<ProgramStep> steps_;  // node by node
  // The same with joined_nodes() as one, and graphs of them; by over_all_channels_for(). 3x3
  // convolutions that stay apart and read one value share its ReLU.
  std::vector<ProgramStep> joined_, joined_but_over_all_;
  std::vector<int64_t> outputs_;
  std::vector<std::unique_ptr<LayerFunction>> own_functions_;
  std::vector<std::unique_ptr<BranchSource>> own_sources_;
  std::vector<std::unique_ptr<JoinedGraph>> own_graphs_;
};

}  // namespace nas

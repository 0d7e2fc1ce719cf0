#pragma once

#include <torch/types.h>

#include <memory>
#include <string>
#include <vector>

#include "nas/plan/execution.hpp"
#include "nas/plan/network.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/observer.hpp"

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
  struct Step {
    const LayerFunction* function = nullptr;
    /// The same by overwriting its input; null where that must not be.
    const LayerFunction* overwriting = nullptr;
    std::vector<int64_t> inputs;
    int64_t output = 0;
    std::vector<int64_t> release;
  };

  std::vector<Step> join_nodes(const std::vector<JoinedNodes>& all);
  std::vector<Step> share_relus(const NetworkPlan& plan, std::vector<Step> all) const;
  std::vector<Step> join_sums(const NetworkPlan& plan, std::vector<Step> all,
                              const std::vector<int64_t>& readers, const LayerFunctions& functions);
  void plan_releases(std::vector<Step>& steps) const;

  int64_t slots_ = 0;
  std::vector<Step> steps_;  // node by node
  // The same with joined_nodes() as one, and sums with their terms; by over_all_channels_for(). 3x3
  // convolutions that stay apart and read one value share its ReLU.
  std::vector<Step> joined_, joined_but_over_all_;
  std::vector<int64_t> outputs_;
  std::vector<std::unique_ptr<LayerFunction>> own_functions_;
};

}  // namespace nas

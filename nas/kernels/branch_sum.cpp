#include "nas/kernels/branch_sum.hpp"

#include <ATen/autocast_mode.h>

#include <utility>

#include "nas/kernels/branch_graph.hpp"
#include "nas/kernels/grid_branch_sum.hpp"
#include "nas/kernels/kernel_choice.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

bool cpu_takes(const torch::Tensor& x) {
  const bool floating = x.scalar_type() == torch::kFloat || x.scalar_type() == torch::kDouble;
  return x.device().is_cpu() && floating && !at::autocast::is_autocast_enabled(at::kCPU);
}

}  // namespace

bool branch_sum_takes(const torch::Tensor& x, bool training) {
  if (kernel_choice() == KernelChoice::reference || x.dim() != 4 || x.numel() == 0) return false;
  if (!cpu_takes(x) && !grid_branch_sum_takes(x)) return false;
  // One value a channel has no variance; after a stride of 2 up to 4 become one.
  return training ? x.size(0) * x.size(2) * x.size(3) > 4 : !at::GradMode::is_enabled();
}

torch::Tensor branch_sum(std::vector<BranchInput> inputs, const NormPass& pass) {
  BranchGraph graph;
  GraphSum sum;
  for (BranchInput& input : inputs) {
    for (Branch& branch : input.branches) {
      sum.terms.push_back({graph.inputs.size(), std::move(branch), {}});
    }
    graph.inputs.push_back(std::move(input.x));
  }
  graph.nodes.emplace_back(std::move(sum));
  graph.outputs = {graph.inputs.size()};
  return branch_graph(std::move(graph), pass).front();
}

}  // namespace nas

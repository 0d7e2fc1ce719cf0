#include "nas/kernels/branch_sum.hpp"

#include <ATen/autocast_mode.h>

#include <memory>
#include <utility>

#include "nas/kernels/branch_run.hpp"
#include "nas/kernels/grid_branch_sum.hpp"
#include "nas/kernels/kernel_choice.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// The batch norm of a branch without units; null where it has none.
const NormWeights* norm_of(const Branch& branch) {
  if (const auto* pool = std::get_if<PoolBranch>(&branch)) return &pool->norm;
  const auto* identity = std::get_if<IdentityBranch>(&branch);
  return identity != nullptr && identity->norm ? &*identity->norm : nullptr;
}

/// Visits the tensors that a branch has and that may have gradients, in one fixed order: its
/// factor, its norm's and each unit's weights.
template <class Visit>
void visit_inputs(const Branch& branch, const Visit& visit_defined) {
  const auto visit = [&](const torch::Tensor& tensor) {
    if (tensor.defined()) visit_defined(tensor);
  };
  std::visit([&](const auto& kind) { visit(kind.factor); }, branch);
  if (const NormWeights* norm = norm_of(branch)) {
    visit(norm->weight);
    visit(norm->bias);
  }
  const auto* separable = std::get_if<SeparableBranch>(&branch);
  if (separable == nullptr) return;
  for (const SeparableUnit& unit : separable->units) {
    visit(unit.depthwise);
    visit(unit.pointwise);
    visit(unit.shifted);
    visit(unit.norm.weight);
    visit(unit.norm.bias);
  }
}

void append_vector(const std::vector<double>& values, const torch::Tensor& like,
                   std::vector<torch::Tensor>& result) {
  if (!like.defined()) return;
  result.push_back(torch::tensor(values, torch::kDouble).to(like.scalar_type()));
}

/// Gradients in the order of visit_inputs(); undefined where not wanted.
void append_gradients(const Branch& branch, const BranchGradients& gradients,
                      std::vector<torch::Tensor>& result) {
  const torch::Tensor factor = std::visit([](const auto& kind) { return kind.factor; }, branch);
  if (factor.defined()) result.push_back(torch::full_like(factor, gradients.factor));
  if (const NormWeights* norm = norm_of(branch)) {
    append_vector(gradients.norm_weight, norm->weight, result);
    append_vector(gradients.norm_bias, norm->bias, result);
  }
  const auto* separable = std::get_if<SeparableBranch>(&branch);
  if (separable == nullptr) return;
  for (size_t i = 0; i < separable->units.size(); ++i) {
    const UnitGradients& unit = gradients.units[i];
    const NormWeights& norm = separable->units[i].norm;
    if (separable->units[i].depthwise.defined()) result.push_back(unit.depthwise);
    result.push_back(unit.pointwise);
    if (separable->units[i].shifted.defined()) result.push_back(unit.shifted);
    append_vector(unit.norm_weight, norm.weight, result);
    append_vector(unit.norm_bias, norm.bias, result);
  }
}

/// What one pass forward leaves for the pass back.
template <class T>
struct Memory : torch::CustomClassHolder {
  Memory(std::vector<BranchInput> parts, const NormPass& pass)
      : inputs(std::move(parts)), run(inputs, pass) {}
  std::vector<BranchInput> inputs;
  BranchSumRun<T> run;
};

/// Calls visit(branch) for all in order.
template <class Visit>
void for_each_branch(const std::vector<BranchInput>& inputs, const Visit& visit) {
  for (const BranchInput& input : inputs) {
    for (const Branch& branch : input.branches) visit(branch);
  }
}

/// All tensors that may have gradients: the inputs x, then what their branches hold.
std::vector<torch::Tensor> all_tensors(const std::vector<BranchInput>& inputs) {
  std::vector<torch::Tensor> all;
  all.reserve(inputs.size());
  for (const BranchInput& input : inputs) all.push_back(input.x);
  for_each_branch(inputs, [&](const Branch& branch) {
    visit_inputs(branch, [&](const torch::Tensor& tensor) { all.push_back(tensor); });
  });
  return all;
}

/// Positions of the convolutions' weights among them.
std::vector<size_t> weight_positions(const std::vector<BranchInput>& inputs) {
  std::vector<size_t> positions;
  size_t next = inputs.size();
  for_each_branch(inputs, [&](const Branch& branch) {
    visit_inputs(branch, [&](const torch::Tensor& tensor) {
      if (tensor.dim() == 4) positions.push_back(next);
      ++next;
    });
  });
  return positions;
}

template <class T>
class BranchSumFunction : public torch::autograd::Function<BranchSumFunction<T>> {
 public:
  static torch::Tensor forward(torch::autograd::AutogradContext* context,
                               const at::TensorList& /*tensors*/,
                               const c10::intrusive_ptr<Memory<T>>& memory) {
    torch::Tensor out = memory->run.forward();
    context->save_for_backward(memory->run.take_tensors());
    context->saved_data["memory"] = c10::IValue::make_capsule(memory);
    return out;
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto memory =
        c10::static_intrusive_pointer_cast<Memory<T>>(context->saved_data["memory"].toCapsule());
    bool weights = false;
    for (const size_t position : weight_positions(memory->inputs)) {
      weights = weights || context->needs_input_grad(position);
    }
    memory->run.give_back(context->get_saved_variables());
    const BranchSumGradients found = memory->run.backward(gradients.front(), weights);
    memory->run.take_tensors();
    torch::autograd::variable_list result = found.x;
    size_t next = 0;
    for_each_branch(memory->inputs, [&](const Branch& branch) {
      append_gradients(branch, found.branches[next++], result);
    });
    result.emplace_back();  // of the memory
    return result;
  }
};

template <class T>
torch::Tensor sum_of(std::vector<BranchInput> inputs, const NormPass& pass) {
  if (!pass.training) return BranchSumRun<T>(inputs, pass).forward();
  const std::vector<torch::Tensor> tensors = all_tensors(inputs);
  const auto memory = c10::make_intrusive<Memory<T>>(std::move(inputs), pass);
  return BranchSumFunction<T>::apply(at::TensorList(tensors), memory);
}

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
  if (!inputs.front().x.device().is_cpu()) return grid_branch_sum(inputs, pass);
  const bool wide = inputs.front().x.scalar_type() == torch::kDouble;
  return wide ? sum_of<double>(std::move(inputs), pass) : sum_of<float>(std::move(inputs), pass);
}

}  // namespace nas

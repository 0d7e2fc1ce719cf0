#include "nas/kernels/branch_graph.hpp"

#include <torch/csrc/autograd/engine.h>

#include <memory>
#include <utility>

#include "nas/kernels/graph_backward.hpp"
#include "nas/kernels/graph_forward.hpp"
#include "nas/kernels/graph_run.hpp"
#include "nas/kernels/grid_branch_graph.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// The batch norm of a branch without units; null where it has none.
const NormWeights* norm_of(const Branch& branch) {
  const auto own = [](const auto& norm) { return norm ? &*norm : nullptr; };
  if (const auto* pool = std::get_if<PoolBranch>(&branch)) return own(pool->norm);
  const auto* identity = std::get_if<IdentityBranch>(&branch);
  return identity != nullptr ? own(identity->norm) : nullptr;
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

/// Calls visit(branch) for all in order.
template <class Visit>
void for_each_branch(const BranchGraph& graph, const Visit& visit) {
  for (const GraphNode& node : graph.nodes) {
    const auto* sum = std::get_if<GraphSum>(&node);
    if (sum == nullptr) continue;
    for (const GraphTerm& term : sum->terms) visit(term.branch);
  }
}

/// All tensors that may have gradients: the inputs, then what the branches hold.
std::vector<torch::Tensor> all_tensors(const BranchGraph& graph) {
  std::vector<torch::Tensor> all = graph.inputs;
  for_each_branch(graph, [&](const Branch& branch) {
    visit_inputs(branch, [&](const torch::Tensor& tensor) { all.push_back(tensor); });
  });
  return all;
}

/// Positions of the convolutions' weights among them.
std::vector<size_t> weight_positions(const BranchGraph& graph, size_t inputs) {
  std::vector<size_t> positions;
  size_t next = inputs;
  for_each_branch(graph, [&](const Branch& branch) {
    visit_inputs(branch, [&](const torch::Tensor& tensor) {
      if (tensor.dim() == 4) positions.push_back(next);
      ++next;
    });
  });
  return positions;
}

/// What one pass forward leaves for the pass back. The graph's inputs are kept by autograd.
template <class T>
struct Memory : torch::CustomClassHolder {
  Memory(BranchGraph given, const NormPass& pass) : graph(std::move(given)), run(graph, pass) {
    inputs = graph.inputs.size();
    graph.inputs.clear();
  }

  BranchGraph graph;
  size_t inputs = 0;
  GraphRun<T> run;
};

/// As others than the graph's own, which are let go where no branch reads them.
template <class T>
std::vector<torch::Tensor> outputs_of(GraphRun<T>& run) {
  std::vector<torch::Tensor> outputs;
  for (const size_t output : run.outputs) {
    outputs.push_back(run.values[output].image.all.detach());
  }
  for (const size_t output : run.outputs) {
    if (run.values[output].readers.empty()) run.values[output].image.all.reset();
  }
  return outputs;
}

template <class T>
class BranchGraphFunction : public torch::autograd::Function<BranchGraphFunction<T>> {
 public:
  static torch::autograd::variable_list forward(torch::autograd::AutogradContext* context,
                                                const at::TensorList& /*tensors*/,
                                                const c10::intrusive_ptr<Memory<T>>& memory) {
    std::vector<torch::Tensor> inputs;
    for (size_t i = 0; i < memory->inputs; ++i) {
      inputs.push_back(memory->run.values[i].image.all);
    }
    context->save_for_backward(std::move(inputs));
    graph_forward(memory->run);
    context->saved_data["memory"] = c10::IValue::make_capsule(memory);
    return outputs_of(memory->run);
  }

  static torch::autograd::variable_list backward(torch::autograd::AutogradContext* context,
                                                 torch::autograd::variable_list gradients) {
    const auto memory =
        c10::static_intrusive_pointer_cast<Memory<T>>(context->saved_data["memory"].toCapsule());
    auto weights = WeightGradients::none;
    for (const size_t position : weight_positions(memory->graph, memory->inputs)) {
      if (context->needs_input_grad(position)) weights = WeightGradients::wanted;
    }
    // Refuses where they were overwritten, or let go by an earlier pass.
    static_cast<void>(context->get_saved_variables());
    const bool kept = torch::autograd::get_current_graph_task_keep_graph();
    GraphRun<T> run = kept ? memory->run : std::move(memory->run);
    const GraphGradients found = graph_backward(std::move(run), gradients, weights);
    torch::autograd::variable_list result = found.inputs;
    size_t next = 0;
    for_each_branch(memory->graph, [&](const Branch& branch) {
      append_gradients(branch, found.branches[next++], result);
    });
    result.emplace_back();  // of the memory
    return result;
  }
};

template <class T>
std::vector<torch::Tensor> outputs_of(BranchGraph graph, const NormPass& pass) {
  if (!pass.training) {
    GraphRun<T> run(graph, pass);
    graph.inputs.clear();
    graph_forward(run);
    return outputs_of(run);
  }
  const std::vector<torch::Tensor> tensors = all_tensors(graph);
  const auto memory = c10::make_intrusive<Memory<T>>(std::move(graph), pass);
  return BranchGraphFunction<T>::apply(at::TensorList(tensors), memory);
}

}  // namespace

std::vector<torch::Tensor> branch_graph(BranchGraph graph, const NormPass& pass) {
  if (!graph.inputs.front().device().is_cpu()) return grid_branch_graph(std::move(graph), pass);
  const bool wide = graph.inputs.front().scalar_type() == torch::kDouble;
  return wide ? outputs_of<double>(std::move(graph), pass)
              : outputs_of<float>(std::move(graph), pass);
}

}  // namespace nas

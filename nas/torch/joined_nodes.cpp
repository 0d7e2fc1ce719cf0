#include "nas/torch/joined_nodes.hpp"

#include <array>
#include <utility>
#include <variant>

#include "nas/torch/learned_layers.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

size_t at(int64_t index) { return static_cast<size_t>(index); }

constexpr int64_t kNone = -1;

/// The node that alone reads each node; kNone where it is read by several, by none or from outside.
std::vector<int64_t> only_readers(const std::vector<ExecutionStep>& steps, size_t nodes,
                                  const std::vector<int64_t>& outputs) {
  const std::vector<int64_t> count = count_readers(steps, nodes, outputs);
  std::vector<int64_t> reader(nodes, kNone);
  for (const ExecutionStep& step : steps) {
    for (const int64_t input : step.inputs) {
      if (count[at(input)] == 1) reader[at(input)] = step.node;
    }
  }
  return reader;
}

bool is_depthwise(const Convolution& layer) {
  const int64_t kernel = layer.kernel.height;
  const int64_t padding = layer.dilation * (kernel - 1) / 2;
  const bool square = layer.kernel.width == kernel && layer.padding == Window{padding, padding};
  return square && layer.groups == layer.in_channels && layer.in_channels == layer.out_channels &&
         !layer.bias && (kernel == 3 || kernel == 5) && (layer.stride == 1 || layer.stride == 2) &&
         (layer.dilation == 1 || layer.dilation == 2);
}

bool is_pointwise(const Convolution& layer) {
  return layer.kernel == Window{1, 1} && layer.padding == Window{0, 0} && layer.stride == 1 &&
         layer.groups == 1 && !layer.bias;
}

const Convolution* convolution_at(const NetworkPlan& plan, int64_t node) {
  return std::get_if<Convolution>(&plan.nodes[at(node)].layer);
}

/// The four nodes of the unit that starts with a ReLU.
std::optional<std::array<int64_t, 4>> unit_nodes(const NetworkPlan& plan,
                                                 const std::vector<int64_t>& reader, int64_t relu) {
  if (!std::holds_alternative<Relu>(plan.nodes[at(relu)].layer)) return std::nullopt;
  std::array<int64_t, 4> nodes{relu, 0, 0, 0};
  for (size_t i = 1; i < nodes.size(); ++i) {
    nodes[i] = reader[at(nodes[i - 1])];
    if (nodes[i] == kNone) return std::nullopt;
  }
  const Convolution* depthwise = convolution_at(plan, nodes[1]);
  const Convolution* pointwise = convolution_at(plan, nodes[2]);
  const bool fits = depthwise != nullptr && pointwise != nullptr && is_depthwise(*depthwise) &&
                    is_pointwise(*pointwise) &&
                    std::holds_alternative<BatchNorm>(plan.nodes[at(nodes[3])].layer);
  return fits ? std::optional(nodes) : std::nullopt;
}

SeparableUnit unit_of(const std::array<int64_t, 4>& nodes, const LayerFunctions& functions) {
  const auto& depthwise = dynamic_cast<const ConvolutionFunction&>(*functions[at(nodes[1])]);
  const auto& pointwise = dynamic_cast<const ConvolutionFunction&>(*functions[at(nodes[2])]);
  const auto& norm = dynamic_cast<const BatchNormFunction&>(*functions[at(nodes[3])]);
  return {depthwise.layer().kernel.height,
          depthwise.layer().stride,
          depthwise.layer().dilation,
          depthwise.weight(),
          pointwise.weight(),
          norm.weights()};
}

class JoinedFunction final : public LayerFunction {
 public:
  JoinedFunction(const Branch& branch, std::vector<const LayerFunction*> layers)
      : branches_{branch}, layers_(std::move(layers)) {}

  torch::Tensor forward(std::span<const torch::Tensor> inputs, const Pass& pass) const override {
    // The kernels know only the statistics of the batch that they see.
    const bool alone = pass.shared.statistics == nullptr;
    if (alone && branch_sum_takes(inputs[0], pass.training)) {
      return branch_sum(inputs[0], branches_, {pass.training, pass.batch_norm_momentum});
    }
    std::array<torch::Tensor, 1> values{inputs[0]};
    for (const LayerFunction* layer : layers_) values[0] = layer->forward(values, pass);
    return values[0];
  }

 private:
  std::array<Branch, 1> branches_;
  std::vector<const LayerFunction*> layers_;
};

/// A 3x3 pool with padding 1 and the batch norm that alone reads it.
std::optional<JoinedNodes> pool_at(const NetworkPlan& plan, const ExecutionStep& step,
                                   const std::vector<int64_t>& reader,
                                   const LayerFunctions& functions) {
  const int64_t norm = reader[at(step.node)];
  if (norm == kNone) return std::nullopt;
  const auto* weights = dynamic_cast<const BatchNormFunction*>(functions[at(norm)].get());
  if (weights == nullptr) return std::nullopt;
  const auto joined = [&](Pool kind, const auto& layer) -> std::optional<JoinedNodes> {
    const bool fits = layer.kernel == 3 && layer.padding == 1 && layer.stride <= 2;
    if (!fits) return std::nullopt;
    return JoinedNodes{step.inputs.front(),
                       {step.node, norm},
                       PoolBranch{kind, layer.stride, weights->weights(), {}}};
  };
  const Layer& pool = plan.nodes[at(step.node)].layer;
  if (const auto* largest = std::get_if<MaxPool>(&pool)) return joined(Pool::largest, *largest);
  if (const auto* mean = std::get_if<AveragePool>(&pool)) return joined(Pool::mean, *mean);
  return std::nullopt;
}

/// Those that end with `node`, which only `reader` reads; null where there are none.
JoinedNodes* chain_before(std::vector<JoinedNodes>& all, int64_t node, int64_t only_reader,
                          int64_t reader) {
  if (only_reader != reader) return nullptr;
  for (JoinedNodes& joined : all) {
    const bool units = std::holds_alternative<SeparableBranch>(joined.branch);
    if (units && joined.nodes.back() == node) return &joined;
  }
  return nullptr;
}

}  // namespace

std::vector<int64_t> count_readers(const std::vector<ExecutionStep>& steps, size_t nodes,
                                   const std::vector<int64_t>& outputs) {
  std::vector<int64_t> readers(nodes, 0);
  for (const int64_t output : outputs) ++readers[at(output)];
  for (const auto& step : steps) {
    for (const int64_t input : step.inputs) ++readers[at(input)];
  }
  return readers;
}

std::vector<JoinedNodes> joined_nodes(const NetworkPlan& plan,
                                      const std::vector<ExecutionStep>& steps,
                                      const std::vector<int64_t>& outputs,
                                      const LayerFunctions& functions) {
  const auto reader = only_readers(steps, plan.nodes.size(), outputs);
  std::vector<JoinedNodes> all;
  for (const ExecutionStep& step : steps) {
    if (auto pool = pool_at(plan, step, reader, functions)) all.push_back(std::move(*pool));
    const auto nodes = unit_nodes(plan, reader, step.node);
    if (!nodes) continue;
    const int64_t input = step.inputs.front();
    JoinedNodes* chain = chain_before(all, input, reader[at(input)], step.node);
    if (chain == nullptr) chain = &all.emplace_back(JoinedNodes{input, {}, SeparableBranch{}});
    chain->nodes.insert(chain->nodes.end(), nodes->begin(), nodes->end());
    std::get<SeparableBranch>(chain->branch).units.push_back(unit_of(*nodes, functions));
  }
  return all;
}

std::unique_ptr<LayerFunction> make_joined(const Branch& branch,
                                           std::vector<const LayerFunction*> layers) {
  return std::make_unique<JoinedFunction>(branch, std::move(layers));
}

std::optional<Branch> branch_of(const NetworkPlan& plan, const LayerFunctions& functions) {
  const std::vector<int64_t> outputs{plan.outputs.front()};
  const auto steps = execution_steps(plan, outputs);
  if (steps.size() == 2 && std::holds_alternative<Identity>(plan.nodes[at(steps[1].node)].layer)) {
    return IdentityBranch{};
  }
  auto all = joined_nodes(plan, steps, outputs, functions);
  const bool whole = all.size() == 1 && all[0].nodes.size() + 1 == steps.size() &&
                     all[0].nodes.back() == outputs.front();
  if (!whole) return std::nullopt;
  return std::move(all.front().branch);
}

}  // namespace nas

#include "nas/plan/operations.hpp"

#include <fmt/core.h>

#include <array>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

using Setting = OperationSetting;

/// A network of one layer.
NetworkPlan single(Layer layer, const char* name) {
  PlanBuilder plan;
  const int64_t node = plan.add(std::move(layer), {PlanBuilder::kInput}, name);
  return std::move(plan).finish({node});
}

NetworkPlan none(const Setting& s) { return single(Zero{s.stride}, "zero"); }
NetworkPlan max_pool(const Setting& s) { return single(MaxPool{3, s.stride, 1}, "pool"); }
NetworkPlan average_pool(const Setting& s) { return single(AveragePool{3, s.stride, 1}, "pool"); }

/// 1x1 convolution, batch norm; appended to a plan.
int64_t add_projection(PlanBuilder& plan, int64_t input, const Setting& s,
                       const std::string& suffix) {
  const int64_t node =
      plan.add(Convolution{s.in_channels, s.out_channels, {1, 1}, s.stride, {0, 0}, 1, 1, false},
               {input}, "conv" + suffix);
  return plan.add(BatchNorm{s.out_channels, s.affine}, {node}, "bn" + suffix);
}

/// As in the code published with NAS-Bench-Macro.
NetworkPlan identity(const Setting& s) {
  if (s.stride == 1 && s.in_channels == s.out_channels) return single(Identity{}, "identity");
  PlanBuilder plan;
  const int64_t node = add_projection(plan, PlanBuilder::kInput, s, "");
  return std::move(plan).finish({node});
}

NetworkPlan skip_connect(const Setting& s) {
  return s.stride == 1 ? identity(s) : factorized_reduce(s);
}

/// MobileNetV2's block with ReLU: expand, depthwise, project; a shortcut where the shape stays.
template <int64_t Expansion, int64_t Kernel>
NetworkPlan inverted_residual(const Setting& s) {
  const int64_t hidden = Expansion * s.in_channels;
  const int64_t pad = (Kernel - 1) / 2;
  PlanBuilder plan;
  int64_t node =
      add_projection(plan, PlanBuilder::kInput, {s.in_channels, hidden, 1, s.affine}, "1");
  node = plan.add(Relu{}, {node}, "relu1");
  node = plan.add(
      Convolution{hidden, hidden, {Kernel, Kernel}, s.stride, {pad, pad}, 1, hidden, false}, {node},
      "depthwise");
  node = plan.add(BatchNorm{hidden, s.affine}, {node}, "bn2");
  node = plan.add(Relu{}, {node}, "relu2");
  node = add_projection(plan, node, {hidden, s.out_channels, 1, s.affine}, "3");
  if (s.stride == 1 && s.in_channels == s.out_channels) {
    node = plan.add(Add{}, {node, PlanBuilder::kInput}, "add");
  }
  return std::move(plan).finish({node});
}

/// ReLU, depthwise, pointwise, batch norm; appended to a plan.
int64_t add_depthwise(PlanBuilder& plan, int64_t input, const Setting& s, int64_t kernel,
                      int64_t dilation, const std::string& suffix) {
  const int64_t pad = dilation * (kernel - 1) / 2;
  int64_t node = plan.add(Relu{}, {input}, "relu" + suffix);
  node = plan.add(Convolution{s.in_channels,
                              s.in_channels,
                              {kernel, kernel},
                              s.stride,
                              {pad, pad},
                              dilation,
                              s.in_channels,
                              false},
                  {node}, "depthwise" + suffix);
  node = plan.add(Convolution{s.in_channels, s.out_channels, {1, 1}, 1, {0, 0}, 1, 1, false},
                  {node}, "pointwise" + suffix);
  return plan.add(BatchNorm{s.out_channels, s.affine}, {node}, "bn" + suffix);
}

/// Depthwise separable convolution, twice; the stride is the first one's.
template <int64_t Kernel>
NetworkPlan separable(const Setting& s) {
  PlanBuilder plan;
  Setting first = s;
  first.out_channels = s.in_channels;
  Setting second = s;
  second.stride = 1;
  int64_t node = add_depthwise(plan, PlanBuilder::kInput, first, Kernel, 1, "1");
  node = add_depthwise(plan, node, second, Kernel, 1, "2");
  return std::move(plan).finish({node});
}

template <int64_t Kernel>
NetworkPlan dilated(const Setting& s) {
  PlanBuilder plan;
  const int64_t node = add_depthwise(plan, PlanBuilder::kInput, s, Kernel, 2, "");
  return std::move(plan).finish({node});
}

/// 1x7 and 7x1 convolution. The published one strides along each axis in the convolution along it;
/// here the second has the whole stride, which keeps the same outputs of the first.
NetworkPlan factorized_7x7(const Setting& s) {
  PlanBuilder plan;
  int64_t node = plan.add(Relu{}, {PlanBuilder::kInput}, "relu");
  node = plan.add(Convolution{s.in_channels, s.in_channels, {1, 7}, 1, {0, 3}, 1, 1, false}, {node},
                  "conv1");
  node = plan.add(Convolution{s.in_channels, s.out_channels, {7, 1}, s.stride, {3, 0}, 1, 1, false},
                  {node}, "conv2");
  node = plan.add(BatchNorm{s.out_channels, s.affine}, {node}, "bn");
  return std::move(plan).finish({node});
}

template <int64_t Kernel>
NetworkPlan convolution(const Setting& s) {
  return relu_conv_bn(s, Kernel);
}

constexpr std::array<Operation, 15> kOperations{{
    {"none", "no connection: zeros", none},
    {"skip_connect", "identity, or a factorized reduction where the size changes", skip_connect},
    {"nor_conv_1x1", "ReLU, 1x1 convolution, batch norm", convolution<1>},
    {"nor_conv_3x3", "ReLU, 3x3 convolution, batch norm", convolution<3>},
    {"avg_pool_3x3", "3x3 average pooling, padding not counted", average_pool},
    {"max_pool_3x3", "3x3 maximum pooling", max_pool},
    {"sep_conv_3x3", "depthwise separable 3x3 convolution, twice", separable<3>},
    {"sep_conv_5x5", "depthwise separable 5x5 convolution, twice", separable<5>},
    {"sep_conv_7x7", "depthwise separable 7x7 convolution, twice", separable<7>},
    {"dil_conv_3x3", "dilated depthwise separable 3x3 convolution", dilated<3>},
    {"dil_conv_5x5", "dilated depthwise separable 5x5 convolution", dilated<5>},
    {"conv_7x1_1x7", "ReLU, 1x7 convolution, 7x1 convolution, batch norm", factorized_7x7},
    {"identity", "identity, or a 1x1 convolution where the shape changes", identity},
    {"mb3_k3", "inverted residual, expansion 3, kernel 3x3", inverted_residual<3, 3>},
    {"mb6_k5", "inverted residual, expansion 6, kernel 5x5", inverted_residual<6, 5>},
}};

}  // namespace

std::span<const Operation> operation_table() { return kOperations; }

const Operation& find_operation(std::string_view name) {
  std::vector<std::string_view> names;
  for (const auto& operation : kOperations) {
    if (operation.name == name) return operation;
    names.push_back(operation.name);
  }
  const auto near = nearest(name, names);
  throw InputError(fmt::format("operation: found '{}', expected a known one{}", name,
                               near.empty() ? "" : fmt::format(" like '{}'", near)));
}

NetworkPlan relu_conv_bn(const OperationSetting& setting, int64_t kernel) {
  const int64_t pad = (kernel - 1) / 2;
  PlanBuilder plan;
  int64_t node = plan.add(Relu{}, {PlanBuilder::kInput}, "relu");
  node = plan.add(Convolution{setting.in_channels,
                              setting.out_channels,
                              {kernel, kernel},
                              setting.stride,
                              {pad, pad},
                              1,
                              1,
                              setting.bias},
                  {node}, "conv");
  node = plan.add(BatchNorm{setting.out_channels, setting.affine}, {node}, "bn");
  return std::move(plan).finish({node});
}

NetworkPlan factorized_reduce(const OperationSetting& setting) {
  const int64_t half = setting.out_channels / 2;
  const auto reduce = [&](int64_t out) {
    return Convolution{setting.in_channels, out, {1, 1}, 2, {0, 0}, 1, 1, false};
  };
  PlanBuilder plan;
  const int64_t relu = plan.add(Relu{}, {PlanBuilder::kInput}, "relu");
  const int64_t first = plan.add(reduce(half), {relu}, "conv1");
  const int64_t shifted = plan.add(Shift{}, {relu}, "shift");
  const int64_t second = plan.add(reduce(setting.out_channels - half), {shifted}, "conv2");
  int64_t node = plan.add(Concatenate{}, {first, second}, "concatenate");
  node = plan.add(BatchNorm{setting.out_channels, setting.affine}, {node}, "bn");
  return std::move(plan).finish({node});
}

}  // namespace nas

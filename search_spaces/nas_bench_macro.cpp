#include "search_spaces/nas_bench_macro.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/option_rows.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 3> kOperations{"identity", "mb3_k3", "mb6_k5"};
constexpr std::array<int64_t, 3> kStages{2, 3, 3};
constexpr size_t kLayers = 8;
constexpr int64_t kHeadChannels = 1280;

int64_t operation_of(const Point& point, size_t layer) {
  return std::get<int64_t>(point.values[layer]);
}

Choices make_choices() {
  Choices choices;
  for (size_t layer = 0; layer < kLayers; ++layer) {
    choices.push_back({fmt::format("layer_{}", layer),
                       Categorical{{kOperations.begin(), kOperations.end()}}, std::nullopt});
  }
  return choices;
}

class NasBenchMacro : public Space {
 public:
  NasBenchMacro(const NasBenchMacroOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices()) {}

  std::string_view name() const override { return "nas_bench_macro"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override {
    return point_of_rows(probabilities[0], kOperations.size());
  }
  std::optional<ArchitectureWeights> path(const Point& point) const override {
    return ArchitectureWeights{rows_of_point(point, kOperations.size())};
  }
  Json drawing(const Point& point) const override;

 private:
  /// A network of one input and one output for layer `layer` of the chain.
  using MakeLayer = std::function<NetworkPlan(size_t layer, const OperationSetting& setting)>;
  NetworkPlan assemble(const MakeLayer& make_layer) const;

  NasBenchMacroOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::string NasBenchMacro::text(const Point& point) const {
  std::string out;
  for (size_t i = 0; i < kLayers; ++i) out += fmt::format("{}", operation_of(point, i));
  return out;
}

Point NasBenchMacro::parse(std::string_view text) const {
  TextScanner scanner(text, "NAS-Bench-Macro network");
  Point point;
  while (point.values.size() < kLayers) {
    int64_t digit = 0;
    while (digit < 3 && !scanner.accept(fmt::format("{}", digit))) ++digit;
    if (digit == 3) scanner.fail("0 (identity), 1 (mb3_k3) or 2 (mb6_k5)");
    point.values.emplace_back(digit);
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

int64_t add_conv_bn_relu(PlanBuilder& plan, int64_t input, const Convolution& convolution,
                         const std::string& name) {
  int64_t node = plan.add(convolution, {input}, name + ".conv");
  node = plan.add(BatchNorm{convolution.out_channels}, {node}, name + ".bn");
  return plan.add(Relu{}, {node}, name + ".relu");
}

NetworkPlan NasBenchMacro::assemble(const MakeLayer& make_layer) const {
  PlanBuilder plan;
  int64_t channels = options_.channels;
  int64_t node = add_conv_bn_relu(
      plan, PlanBuilder::kInput,
      Convolution{task_.input.channels, channels, {3, 3}, 1, {1, 1}, 1, 1, false}, "stem");
  size_t layer = 0;
  for (const int64_t length : kStages) {
    for (int64_t i = 0; i < length; ++i, ++layer) {
      const int64_t out = i == 0 ? 2 * channels : channels;
      const NetworkPlan part = make_layer(layer, {channels, out, i == 0 ? 2 : 1, true});
      node = plan.splice(part, node, fmt::format("layers.{}", layer));
      channels = out;
    }
  }
  node = add_conv_bn_relu(
      plan, node, Convolution{channels, kHeadChannels, {1, 1}, 1, {0, 0}, 1, 1, false}, "head");
  node = plan.add(GlobalAveragePool{}, {node}, "head.pool");
  node = plan.add(Linear{kHeadChannels, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

std::optional<NetworkPlan> NasBenchMacro::network(const Point& point) const {
  return assemble([&](size_t layer, const OperationSetting& setting) {
    return find_operation(kOperations[static_cast<size_t>(operation_of(point, layer))])
        .build(setting);
  });
}

std::optional<SupernetPlan> NasBenchMacro::supernet() const {
  const auto mixed = [](size_t layer, OperationSetting setting) {
    setting.affine = false;
    Mixed options{0, static_cast<int64_t>(layer), {}};
    for (const auto operation : kOperations) {
      options.options.push_back(find_operation(operation).build(setting));
    }
    PlanBuilder plan;
    const int64_t node = plan.add(std::move(options), {PlanBuilder::kInput}, "mixed");
    return std::move(plan).finish({node});
  };
  return SupernetPlan{
      assemble(mixed),
      {{"layers", static_cast<int64_t>(kLayers), {kOperations.begin(), kOperations.end()}}}};
}

Json NasBenchMacro::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (size_t i = 0; i < kLayers; ++i) {
    nodes.push_back(i + 1 < kLayers ? fmt::format("{}", i + 1) : "output");
    edges.push_back({{"from", i},
                     {"to", i + 1},
                     {"label", kOperations[static_cast<size_t>(operation_of(point, i))]}});
  }
  return {{"cells", Json::array({{{"name", "layers"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, NasBenchMacroOptions& options) {
  section.integer("channels", options.channels, {1, 4096, ""}, "channels of the stem");
  describe(section, options.task);
}

std::unique_ptr<Space> make_nas_bench_macro(const NasBenchMacroOptions& options, TaskShape task) {
  return std::make_unique<NasBenchMacro>(options, task);
}

}  // namespace nas

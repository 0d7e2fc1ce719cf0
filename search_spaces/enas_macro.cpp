#include "search_spaces/enas_macro.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <functional>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/operations.hpp"
#include "search_spaces/enas_layers.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

constexpr std::array<const char*, 2> kSkip{"none", "skip_connect"};
constexpr int64_t kLayerGroup = 0;
constexpr int64_t kSkipGroup = 1;
constexpr int64_t kGrowth = 2;  // of a network's channels at a reduction

std::vector<std::string> operation_names() {
  std::vector<std::string> names;
  names.reserve(kEnasOperations.size());
  for (const auto& operation : kEnasOperations) names.emplace_back(operation.name);
  return names;
}

/// How many bits stand before those of `layer`, which has as many as its number.
int64_t skips_before(int64_t layer) { return layer * (layer - 1) / 2; }

Choices make_choices(int64_t layers) {
  Choices choices;
  for (int64_t layer = 0; layer < layers; ++layer) {
    choices.push_back(
        {fmt::format("layer_{}", layer), Categorical{operation_names()}, std::nullopt});
    for (int64_t from = 0; from < layer; ++from) {
      choices.push_back({fmt::format("skip_{}_{}", layer, from),
                         Categorical{{kSkip.begin(), kSkip.end()}}, std::nullopt});
    }
  }
  return choices;
}

int64_t value_of(const Point& point, int64_t index) {
  return std::get<int64_t>(point.values[static_cast<size_t>(index)]);
}

int64_t operation_of(const Point& point, int64_t layer) {
  return value_of(point, layer + skips_before(layer));
}

/// Whether `layer` takes in state `from`: the stem where 0, else layer `from` - 1.
bool has_skip(const Point& point, int64_t layer, int64_t from) {
  return value_of(point, layer + skips_before(layer) + 1 + from) == 1;
}

class EnasMacro : public Space {
 public:
  EnasMacro(const EnasMacroOptions& options, const TaskShape& task)
      : options_(options),
        task_(applied(options.task, task)),
        choices_(make_choices(options.layers)) {}

  std::string_view name() const override { return "enas_macro"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override;
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  std::optional<SupernetPlan> supernet() const override;
  Point derive(const ArchitectureWeights& probabilities) const override;
  std::optional<ArchitectureWeights> path(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  /// Appends a layer that reads the states so far; returns its node.
  using AddLayer = std::function<int64_t(PlanBuilder& plan, EnasStates& states, int64_t layer)>;
  NetworkPlan assemble(const EnasStates::Width& width, const AddLayer& add_layer) const;

  EnasMacroOptions options_;
  TaskShape task_;
  Choices choices_;
};

std::string EnasMacro::text(const Point& point) const {
  std::string out;
  for (const Value& value : point.values) {
    out += fmt::format("{}{}", out.empty() ? "" : " ", std::get<int64_t>(value));
  }
  return out;
}

Point EnasMacro::parse(std::string_view text) const {
  TextScanner scanner(text, "ENAS network");
  Point point;
  for (const Choice& choice : choices_) {
    if (!point.values.empty()) scanner.expect(" ");
    scanner.skip_spaces();
    const TextScanner before = scanner;
    const int64_t value = scanner.number();
    if (value < 0 || value >= cardinality(choice)) {
      before.fail(fmt::format("0 to {} for {}", cardinality(choice) - 1, choice.name));
    }
    point.values.emplace_back(value);
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

NetworkPlan EnasMacro::assemble(const EnasStates::Width& width, const AddLayer& add_layer) const {
  PlanBuilder plan;
  EnasStates states(plan, width);
  states.push(add_conv_bn(
      plan, PlanBuilder::kInput,
      {same_convolution(task_.input.channels, width.channels, 3), "stem", width.affine}));
  const int64_t third = options_.layers / 3;
  for (int64_t layer = 0; layer < options_.layers; ++layer) {
    states.push(add_layer(plan, states, layer));
    if (layer + 1 == third || layer + 1 == 2 * third) states.reduce();
  }
  int64_t node = plan.add(GlobalAveragePool{}, {states.last()}, "head.pool");
  node =
      plan.add(Linear{states.setting().out_channels, task_.classes, false}, {node}, "classifier");
  return std::move(plan).finish({node});
}

std::optional<NetworkPlan> EnasMacro::network(const Point& point) const {
  const auto add_layer = [&](PlanBuilder& plan, EnasStates& states, int64_t layer) {
    const OperationSetting setting = states.setting();
    const int64_t channels = setting.out_channels;
    const std::string name = fmt::format("layers.{}", layer);
    const auto& operation = kEnasOperations[static_cast<size_t>(operation_of(point, layer))];
    const int64_t own = plan.splice(enas_branch(operation, setting), states.last(), name);
    if (layer == 0) return own;
    std::vector<int64_t> all;
    for (int64_t from = 0; from < layer; ++from) {
      if (has_skip(point, layer, from)) all.push_back(states.at(from));
    }
    all.push_back(own);
    const auto count = static_cast<int64_t>(all.size());
    int64_t node = own;
    if (count > 1) node = plan.add(Concatenate{}, all, name + ".skip.concatenate");
    node = plan.add(Relu{}, {node}, name + ".skip.relu");
    return add_conv_bn(
        plan, node,
        {same_convolution(count * channels, channels, 1), name + ".skip", setting.affine});
  };
  return assemble({options_.channels, kGrowth, true}, add_layer);
}

std::optional<SupernetPlan> EnasMacro::supernet() const {
  const auto add_layer = [](PlanBuilder& plan, EnasStates& states, int64_t layer) {
    const std::string name = fmt::format("layers.{}", layer);
    const OperationSetting setting = states.setting();
    Mixed operations{kLayerGroup, layer, {}};
    for (const auto& operation : kEnasOperations) {
      operations.options.push_back(enas_branch(operation, setting));
    }
    std::vector<int64_t> terms{
        plan.add(std::move(operations), {states.last()}, name + ".operation")};
    for (int64_t from = 0; from < layer; ++from) {
      Mixed skip{kSkipGroup, skips_before(layer) + from, {}};
      for (const char* option : kSkip) {
        skip.options.push_back(find_operation(option).build(setting));
      }
      terms.push_back(
          plan.add(std::move(skip), {states.at(from)}, fmt::format("{}.skip_{}", name, from)));
    }
    if (layer == 0) return terms.front();
    const int64_t sum = plan.add(Add{}, terms, name + ".add");
    return plan.add(BatchNorm{setting.out_channels, setting.affine}, {sum}, name + ".bn");
  };
  return SupernetPlan{assemble({options_.channels, 1, false}, add_layer),
                      {{"layers", options_.layers, operation_names()},
                       {"skips", skips_before(options_.layers), {kSkip.begin(), kSkip.end()}}}};
}

/// The likeliest operation of each layer, and each skip that is likelier than none.
Point EnasMacro::derive(const ArchitectureWeights& probabilities) const {
  const auto likeliest = [&](size_t group, int64_t row, int64_t options) {
    const auto begin = probabilities[group].begin() + row * options;
    return std::max_element(begin, begin + options) - begin;
  };
  Point point;
  for (int64_t layer = 0; layer < options_.layers; ++layer) {
    point.values.emplace_back(likeliest(kLayerGroup, layer, std::ssize(kEnasOperations)));
    for (int64_t from = 0; from < layer; ++from) {
      point.values.emplace_back(
          likeliest(kSkipGroup, skips_before(layer) + from, std::ssize(kSkip)));
    }
  }
  return point;
}

std::optional<ArchitectureWeights> EnasMacro::path(const Point& point) const {
  ArchitectureWeights path(2);
  const auto choose = [&](size_t group, size_t options, int64_t option) {
    path[group].resize(path[group].size() + options, 0.0);
    path[group][path[group].size() - options + static_cast<size_t>(option)] = 1;
  };
  for (int64_t layer = 0; layer < options_.layers; ++layer) {
    choose(kLayerGroup, kEnasOperations.size(), operation_of(point, layer));
    for (int64_t from = 0; from < layer; ++from) {
      choose(kSkipGroup, kSkip.size(), has_skip(point, layer, from) ? 1 : 0);
    }
  }
  return path;
}

Json EnasMacro::drawing(const Point& point) const {
  Json nodes = {"stem"};
  Json edges = Json::array();
  for (int64_t layer = 0; layer < options_.layers; ++layer) {
    nodes.push_back(fmt::format("{}", layer + 1));
    edges.push_back(
        {{"from", layer},
         {"to", layer + 1},
         {"label", kEnasOperations[static_cast<size_t>(operation_of(point, layer))].name}});
    for (int64_t from = 0; from < layer; ++from) {
      if (!has_skip(point, layer, from)) continue;
      edges.push_back({{"from", from}, {"to", layer + 1}, {"label", "skip"}});
    }
  }
  return {{"cells", Json::array({{{"name", "layers"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, EnasMacroOptions& options) {
  section.integer("layers", options.layers, {3, 100, ""}, "layers, reduced after each third");
  section.integer(
      "channels", options.channels, {2, 4096, ""},
      "of the first third of a network, twice as many in each further one; of the whole "
      "supernet");
  describe(section, options.task);
}

std::unique_ptr<Space> make_enas_macro(const EnasMacroOptions& options, TaskShape task) {
  return std::make_unique<EnasMacro>(options, task);
}

}  // namespace nas

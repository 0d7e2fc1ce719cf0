#include "search_spaces/mlp.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "search_spaces/candidates.hpp"
#include "search_spaces/nested_space.hpp"
#include "search_spaces/text_scanner.hpp"

namespace nas {
namespace {

// Where the choices of a point stand: these two, then the width of each layer, then dropout where
// there is something to choose.
constexpr size_t kActivation = 0;
constexpr size_t kLayers = 1;
constexpr size_t kWidths = 2;
constexpr const char* kDropout = " dropout=";

Categorical activations() { return {{"relu", "gelu"}}; }

Choices make_choices(const MlpOptions& options) {
  Choices choices{{"activation", activations(), std::nullopt},
                  {"layers", categorical_of(options.layers), std::nullopt}};
  for (int64_t layer = 0; layer < options.layers.back(); ++layer) {
    choices.push_back({fmt::format("width_{}", layer + 1), categorical_of(options.widths),
                       from_number(options.layers, kLayers, layer + 1)});
  }
  if (options.dropouts.size() > 1) {
    choices.push_back({"dropout", categorical_of(options.dropouts), std::nullopt});
  }
  return choices;
}

class Mlp : public NestedSpace {
 public:
  Mlp(const MlpOptions& options, const TaskShape& task)
      : options_(options), task_(applied(options.task, task)), choices_(make_choices(options)) {}

  std::string_view name() const override { return "mlp"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::string text(const Point& point) const override {
    std::string text = fmt::format("{} {}", fmt::join(widths(point), "-"),
                                   activations().options[chosen(point, kActivation)]);
    if (!chooses_dropout()) return text;
    const auto& rates = std::get<Categorical>(choices_.back().domain).options;
    return text + kDropout + rates[chosen(point, choices_.size() - 1)];
  }
  Point parse(std::string_view text) const override;
  std::optional<NetworkPlan> network(const Point& point) const override;
  Json drawing(const Point& point) const override;

 private:
  static size_t chosen(const Point& point, size_t choice) {
    return static_cast<size_t>(std::get<int64_t>(point.values[choice]));
  }
  std::vector<int64_t> widths(const Point& point) const {
    std::vector<int64_t> widths;
    const auto count = static_cast<size_t>(options_.layers[chosen(point, kLayers)]);
    for (size_t i = 0; i < count; ++i) {
      widths.push_back(options_.widths[chosen(point, kWidths + i)]);
    }
    return widths;
  }
  bool chooses_dropout() const { return options_.dropouts.size() > 1; }
  double dropout(const Point& point) const {
    return options_.dropouts[chooses_dropout() ? chosen(point, choices_.size() - 1) : 0];
  }
  Layer activation(const Point& point) const {
    return chosen(point, kActivation) == 0 ? Layer(Relu{}) : Layer(Gelu{});
  }

  MlpOptions options_;
  TaskShape task_;
  Choices choices_;
};

Point Mlp::parse(std::string_view text) const {
  TextScanner scanner(text, "multilayer perceptron");
  Point point{std::vector<Value>(choices_.size())};
  const Categorical domain = categorical_of(options_.widths);
  int64_t count = 0;
  do {
    if (count == options_.layers.back()) scanner.fail(fmt::format("at most {} widths", count));
    point.values[kWidths + static_cast<size_t>(count++)] = scan_option(scanner, domain);
  } while (scanner.accept("-"));
  const auto found = std::find(options_.layers.begin(), options_.layers.end(), count);
  if (found == options_.layers.end()) {
    scanner.fail(fmt::format("{} widths", fmt::join(options_.layers, " or ")));
  }
  point.values[kLayers] = found - options_.layers.begin();
  scanner.expect(" ");
  point.values[kActivation] = scan_option(scanner, activations());
  if (chooses_dropout()) {
    scanner.expect(kDropout);
    point.values.back() = scan_option(scanner, std::get<Categorical>(choices_.back().domain));
  }
  if (!scanner.at_end()) scanner.fail("the end");
  return point;
}

std::optional<NetworkPlan> Mlp::network(const Point& point) const {
  PlanBuilder plan;
  int64_t node = PlanBuilder::kInput;
  int64_t features = task_.input.channels * task_.input.height * task_.input.width;
  int64_t layer = 0;
  const double rate = dropout(point);
  for (const int64_t width : widths(point)) {
    const std::string name = fmt::format("layers.{}", layer++);
    node = plan.add(Linear{features, width}, {node}, name + ".linear");
    if (options_.batch_norm) node = plan.add(BatchNorm{width}, {node}, name + ".bn");
    node = plan.add(activation(point), {node}, name + ".activation");
    if (rate > 0) node = plan.add(Dropout{rate}, {node}, name + ".dropout");
    features = width;
  }
  node = plan.add(Linear{features, task_.classes}, {node}, "classifier");
  return std::move(plan).finish({node});
}

Json Mlp::drawing(const Point& point) const {
  Json nodes = {"input"};
  Json edges = Json::array();
  for (const int64_t width : widths(point)) {
    edges.push_back({{"from", nodes.size() - 1},
                     {"to", nodes.size()},
                     {"label", activations().options[chosen(point, kActivation)]}});
    nodes.push_back(fmt::format("{}", width));
  }
  return {{"cells", Json::array({{{"name", "layers"}, {"nodes", nodes}, {"edges", edges}}})}};
}

}  // namespace

void describe(Section& section, MlpOptions& options) {
  describe_candidates(section, {"layers", 1, 100, "hidden layers"}, options.layers);
  describe_candidates(section, {"widths", 1, 65536, "features of a hidden layer"}, options.widths);
  section.boolean("batch_norm", options.batch_norm, "before each activation");
  describe_candidates(section,
                      {"dropouts", 0, 0.95, "share of a layer's outputs that training drops"},
                      options.dropouts);
  describe(section, options.task);
}

std::unique_ptr<Space> make_mlp(const MlpOptions& options, TaskShape task) {
  return std::make_unique<Mlp>(options, task);
}

}  // namespace nas

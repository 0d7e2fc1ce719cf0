#include "tools/zero_cost_sections.hpp"

#include <algorithm>
#include <array>

#include "controllers/warm_start.hpp"

namespace nas {
namespace {

/// Those that start from points of their own choosing, which a screening can choose.
constexpr std::array<std::string_view, 10> kWarmStarted{
    "random",  "local_search", "regularized_evolution", "nsga2",
    "bananas", "annealing",    "successive_halving",    "hyperband",
    "asha",    "bohb"};

void read_warm_start(Section& section, Experiment& experiment, const TensorParts& parts) {
  WarmStartOptions options;
  ZeroCostOptions scoring;
  describe_proxy(section, options.metric);
  describe(section, options);
  describe(section, scoring.setting);
  scoring.metrics = {options.metric};
  experiment.screens = true;
  if (parts.zero_cost != nullptr) {
    experiment.screen = [make = parts.zero_cost, scoring](const EvaluatorContext& context) {
      return make(scoring, context);
    };
  }
  auto& make = experiment.controller.make;
  if (!make) return;
  make = [inner = make, options](const SearchContext& context) {
    return make_warm_start(inner(context), options, context);
  };
}

}  // namespace

std::optional<ScreenOptions> read_screen(Section& evaluator) {
  std::optional<ScreenOptions> options;
  if (!evaluator.has("screen")) return options;
  evaluator.section("screen", "what a candidate must score before it is trained",
                    [&](Section& screen) { describe(screen, options.emplace()); });
  return options;
}

void describe_warm_start(Section& section, Experiment& experiment, const TensorParts& parts) {
  const auto& type = experiment.controller.type;
  if (std::find(kWarmStarted.begin(), kWarmStarted.end(), type) == kWarmStarted.end()) return;
  section.section("controller", "what picks the candidates", [&](Section& controller) {
    if (!controller.has("warm_start")) return;
    controller.section("warm_start", "points that are scored without training, before the search",
                       [&](Section& warm) { read_warm_start(warm, experiment, parts); });
  });
}

}  // namespace nas

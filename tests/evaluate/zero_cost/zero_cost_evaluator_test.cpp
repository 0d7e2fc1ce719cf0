#include "nas/evaluate/zero_cost/zero_cost_evaluator.hpp"

#include <cmath>
#include <fstream>

#include "nas/plan/cost.hpp"
#include "nas/torch/torch.hpp"
#include "tests/evaluate/zero_cost/scene.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

using test::kCutCell;
using test::kGoodCell;
using test::metrics_of;
using test::NoMonitor;
using test::ZeroCostScene;

std::vector<std::string> all_proxies() {
  std::vector<std::string> names;
  for (const auto& kind : proxy_kinds()) names.emplace_back(kind.name);
  return names;
}

Outcome evaluate(const ZeroCostScene& scene, const ZeroCostOptions& options,
                 const std::string& cell = kGoodCell, uint64_t seed = 5) {
  at::set_num_threads(1);
  NoMonitor monitor;
  return make_zero_cost(options, scene.context())->evaluate(scene.assignment(cell, seed), monitor);
}

ZeroCostOptions options_of(std::vector<std::string> metrics) {
  ZeroCostOptions options;
  options.metrics = std::move(metrics);
  options.setting.batch_size = 16;
  return options;
}

TEST_CASE("Every proxy is a finite score, the same again, and another for other weights",
          "[zero_cost]") {
  const ZeroCostScene scene;
  const auto options = options_of(all_proxies());
  const auto first = metrics_of(evaluate(scene, options));
  REQUIRE(first.size() == proxy_kinds().size());
  CHECK(metrics_of(evaluate(scene, options)) == first);
  const auto other = metrics_of(evaluate(scene, options, kGoodCell, 6));
  const Cost counted = cost(*scene.space->network(scene.space->parse(kGoodCell)), {1, 8, 8});
  CHECK(first.at("parameters") == static_cast<double>(counted.parameters));
  CHECK(first.at("multiply_adds") == static_cast<double>(counted.multiply_adds));
  for (const auto& [name, value] : first) {
    INFO(name);
    CHECK(std::isfinite(value));
    const bool count = name == "parameters" || name == "multiply_adds";
    CHECK((other.at(name) == value) == count);
  }
}

TEST_CASE("A proxy has the same score alone as among the others", "[zero_cost]") {
  const ZeroCostScene scene;
  const auto together = metrics_of(evaluate(scene, options_of(all_proxies())));
  for (const auto& name : all_proxies()) {
    const auto alone = metrics_of(evaluate(scene, options_of({name})));
    INFO(name);
    REQUIRE(alone.size() == 1);
    CHECK(alone.at(name) == Approx(together.at(name)).epsilon(1e-4));
  }
}

TEST_CASE("Repeats are the mean over draws of the weights", "[zero_cost]") {
  const ZeroCostScene scene;
  auto options = options_of({"snip", "zen"});
  const auto once = metrics_of(evaluate(scene, options));
  options.setting.repeats = 20;
  const auto mean = metrics_of(evaluate(scene, options));
  const auto other_mean = metrics_of(evaluate(scene, options, kGoodCell, 6));
  const auto other_once = metrics_of(evaluate(scene, options_of({"snip", "zen"}), kGoodCell, 6));
  CHECK(mean.at("snip") != once.at("snip"));
  CHECK(std::abs(mean.at("zen") - other_mean.at("zen")) <
        std::abs(once.at("zen") - other_once.at("zen")));
}

TEST_CASE("The minibatch depends on the split's seed alone", "[zero_cost]") {
  ZeroCostScene scene;
  const auto options = options_of({"snip"});
  const auto before = metrics_of(evaluate(scene, options));
  scene.data.split_seed = 1;
  CHECK(metrics_of(evaluate(scene, options)) != before);
}

TEST_CASE("A score that is not finite is left out, and a failure that names it where it is alone",
          "[zero_cost]") {
  const ZeroCostScene scene;
  for (const auto& name : {"jacob_cov", "naswot", "zen"}) {
    const Outcome outcome = evaluate(scene, options_of({name}), kCutCell);
    INFO(name);
    REQUIRE(std::holds_alternative<Failure>(outcome));
    CHECK(std::get<Failure>(outcome).kind == "nan");
    CHECK(std::get<Failure>(outcome).reason.find(name) == 0);
  }
  const Metrics others =
      metrics_of(evaluate(scene, options_of({"snip", "grasp", "jacob_cov"}), kCutCell));
  CHECK(others.at("snip") >= 0);
  CHECK_FALSE(others.contains("jacob_cov"));
}

TEST_CASE("Figures of a table stand beside the scores, and a point it lacks is a failure",
          "[zero_cost]") {
  const ZeroCostScene scene;
  const Scratch folder;
  std::ofstream(folder / "table.csv") << "arch,final\n\"" << kGoodCell << "\",91.5\n";
  auto options = options_of({"synflow"});
  options.table = TableOptions{(folder / "table.csv").string(), "arch", {{"accuracy", "final"}}};
  const auto metrics = metrics_of(evaluate(scene, options));
  CHECK(metrics.at("accuracy") == 91.5);
  CHECK(metrics.at("synflow") > 0);
  const Outcome missing = evaluate(scene, options, kCutCell);
  REQUIRE(std::holds_alternative<Failure>(missing));
  CHECK(std::get<Failure>(missing).kind == "error");
}

}  // namespace
}  // namespace nas

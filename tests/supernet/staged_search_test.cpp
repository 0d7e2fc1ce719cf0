#include "nas/supernet/staged_search.hpp"

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/supernet/architecture_record.hpp"
#include "nas/supernet/few_skips.hpp"
#include "search_spaces/darts.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::unique_ptr<Space> tiny_darts() {
  DartsSpaceOptions options;
  options.channels = 4;
  options.cells = 2;
  options.nodes = 2;
  return make_darts_space(options, {{1, 8, 8}, 10});
}

/// Two stages of two epochs of five steps.
struct Scene {
  std::unique_ptr<Space> space = tiny_darts();
  TrainingData data = load_for_search(test::some_digits(200), torch::kCPU);
  DartsSetting setting;

  Scene() {
    setting.options.epochs = 2;
    setting.options.batch_size = 16;
    setting.options.architecture_learning_rate = 0.05;
    setting.options.architecture_warmup = 1;
    setting.options.guard.iterations = 0;
    setting.options.stages = {{1, 0, 0}, {3, 3, 0.4}};
    setting.seed = 7;
  }
  StagedSearch start() const { return StagedSearch(setting, *space, data); }
};

void advance(StagedSearch& search, int64_t until) {
  while (search.steps_done() < until && !search.done()) {
    search.step();
    if (search.at_epoch_end()) search.finish_epoch();
  }
}

int64_t options_left(const Json& row) {
  return std::count_if(row.begin(), row.end(), [](const Json& p) { return p > 0; });
}

}  // namespace

TEST_CASE("each stage goes deeper with the options that the one before found most probable",
          "[supernet]") {
  const Scene scene;
  StagedSearch search = scene.start();
  REQUIRE(search.epochs() == 4);
  advance(search, 10);
  const Json first = search.history()["epochs"][1]["probabilities"]["normal"];
  REQUIRE_FALSE(search.done());
  advance(search, 20);
  REQUIRE(search.done());
  REQUIRE(search.epochs_done() == 4);
  const Json epochs = search.history()["epochs"];
  REQUIRE(epochs.size() == 4);
  REQUIRE(epochs[3]["epoch"] == 4);
  const Json last = epochs[3]["probabilities"]["normal"];
  for (size_t row = 0; row < last.size(); ++row) {
    REQUIRE(options_left(first[row]) == 8);
    REQUIRE(options_left(last[row]) == 3);
    std::vector<double> before = first[row];
    std::sort(before.rbegin(), before.rend());
    for (size_t k = 0; k < 8; ++k) REQUIRE((last[row][k] > 0) == (first[row][k] >= before[2]));
  }
}

TEST_CASE("a progressive search resumes exactly in either stage", "[supernet]") {
  const Scene scene;
  StagedSearch undisturbed = scene.start();
  advance(undisturbed, 20);
  const NamedTensors reference = test::copied(undisturbed.checkpoint().tensors);
  for (const int64_t step : {7, 10, 13}) {
    StagedSearch first = scene.start();
    advance(first, step);
    const Checkpoint saved{test::copied(first.checkpoint().tensors), first.checkpoint().state};
    StagedSearch resumed = scene.start();
    resumed.restore(saved);
    advance(resumed, 20);
    INFO(step);
    REQUIRE(test::identical(resumed.checkpoint().tensors, reference));
    REQUIRE(resumed.history() == undisturbed.history());
  }
}

TEST_CASE("a space of fixed depth is refused for stages of other depths", "[supernet]") {
  Scene scene;
  scene.space = test::small_space();
  REQUIRE_THROWS_WITH(scene.start(), ContainsSubstring("any number of cells"));
}

TEST_CASE("the least probable skip connections give way until there are few", "[supernet]") {
  const auto space = tiny_darts();
  const auto plan = *space->supernet();
  ArchitectureWeights probabilities;
  for (const auto& group : plan.groups) {
    const auto& names = group.options;
    auto& flat = probabilities.emplace_back();
    for (int64_t row = 0; row < group.rows; ++row) {
      for (const auto& name : names) {
        flat.push_back(name == "skip_connect" ? 0.5 + 0.01 * static_cast<double>(row) : 0.05);
      }
    }
  }
  REQUIRE(count_skips(space->choices(), space->derive(probabilities)) == 8);
  REQUIRE(derive_with_few_skips(*space, plan.groups, probabilities, -1) ==
          space->derive(probabilities));
  const Point few = derive_with_few_skips(*space, plan.groups, probabilities, 2);
  REQUIRE(count_skips(space->choices(), few) == 2 + 4);  // those of the reduction cell stay
  // What is left are the edges of the most probable ones: the last two rows.
  REQUIRE(space->text(few).find("(skip_connect,1)") != std::string::npos);
  REQUIRE(space->text(few).find("(skip_connect,2)") != std::string::npos);
}

}  // namespace nas

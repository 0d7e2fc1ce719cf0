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
    setting.options.stages = {{1, 0, 0, 0}, {3, 3, 0.4, 0}};
    setting.seed = 7;
  }
  /// A quarter of the channels through all options, then half of them through three.
  void widen() {
    NasBench201Options cells;
    cells.channels = 8;
    cells.cells_per_stage = 1;
    space = make_nas_bench_201(cells, {{1, 8, 8}, 10});
    setting.options.mixture = MixtureKind::dirichlet;
    setting.options.stage_start = StageStart::widened;
    setting.options.edge_normalization = true;
    setting.options.stages = {{0, 0, 0, 4}, {0, 3, 0, 2}};
  }
  StagedSearch start() const { return StagedSearch(setting, *space, data); }
};

void advance(StagedSearch& search, int64_t until) {
  while (search.steps_done() < until && !search.done()) {
    search.step();
    if (search.at_epoch_end()) search.finish_epoch();
  }
}

torch::Tensor tensor_in(const NamedTensors& tensors, const std::string& wanted) {
  for (const auto& [name, tensor] : tensors) {
    if (name == wanted) return tensor;
  }
  throw std::logic_error("no tensor " + wanted);
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
  Scene scene;
  if (GENERATE(false, true)) scene.widen();
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

TEST_CASE("a wider stage goes on with weights, momentum and architecture", "[supernet]") {
  Scene scene;
  scene.widen();
  StagedSearch search = scene.start();
  advance(search, 9);
  search.step();
  const NamedTensors before = test::copied(search.checkpoint().tensors);
  search.finish_epoch();
  const Checkpoint checkpoint = search.checkpoint();
  const NamedTensors& after = checkpoint.tensors;
  const auto kept = checkpoint.state.at("kept").get<KeptOptions>().front();
  REQUIRE(tensor_in(after, "network.stem.conv.weight")
              .equal(tensor_in(before, "network.stem.conv.weight")));
  REQUIRE(tensor_in(after, "alphas.cell.edges").equal(tensor_in(before, "alphas.cell.edges")));
  int64_t convolutions = 0;
  for (size_t row = 0; row < kept.size(); ++row) {
    for (size_t rank = 0; rank < kept[row].size(); ++rank) {
      const auto r = static_cast<int64_t>(row);
      const auto k = static_cast<int64_t>(rank);
      for (const char* alphas : {"alphas.cell", "architecture_optimizer.momentum.0",
                                 "architecture_optimizer.square.0"}) {
        REQUIRE(
            tensor_in(after, alphas)[r][k].equal(tensor_in(before, alphas)[r][kept[row][rank]]));
      }
    }
  }
  for (const auto& [name, wide] : after) {
    const size_t at = name.find(".edge_");
    if (at == name.npos || !name.starts_with("network.") || wide.dim() != 4) continue;
    ++convolutions;
    REQUIRE(wide.sizes() ==
            at::IntArrayRef({wide.size(0), wide.size(0), wide.size(2), wide.size(2)}));
    // Half of the channels are those of a quarter, the others copies of some of them.
    const int64_t half = wide.size(0) / 2;
    for (int64_t out = half; out < 2 * half; ++out) {
      bool copied = false;
      for (int64_t old = 0; old < half; ++old) copied = copied || wide[out].equal(wide[old]);
      REQUIRE(copied);
    }
  }
  REQUIRE(convolutions > 0);
}

TEST_CASE("a search in widening stages has one cosine over all of them", "[supernet]") {
  Scene scene;
  scene.widen();
  scene.setting.options.final_learning_rate = 0;
  scene.setting.options.weight_decay = 0;
  scene.setting.options.momentum = 0;
  scene.setting.options.stages.back().partial_channels = 4;
  scene.setting.options.stages.back().operations = 0;
  const auto distance = [&](bool widened) {
    scene.setting.options.stage_start = widened ? StageStart::widened : StageStart::fresh;
    StagedSearch search = scene.start();
    advance(search, 10);
    const NamedTensors begin = test::copied(search.checkpoint().tensors);
    search.step();
    return (tensor_in(search.checkpoint().tensors, "network.classifier.bias") -
            tensor_in(begin, "network.classifier.bias"))
        .norm()
        .item<double>();
  };
  REQUIRE(distance(true) < distance(false));
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

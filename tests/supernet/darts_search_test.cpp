#include "nas/supernet/darts_search.hpp"

#include <functional>

#include "nas/core/error.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Ten steps in two epochs; a checkpoint after seven is in the middle of the second.
struct Scene {
  std::unique_ptr<Space> space = test::small_space();
  TrainingData data = load_for_search(test::some_digits(200), torch::kCPU);
  DartsSetting setting;

  explicit Scene(int64_t order) {
    setting.options.order = order;
    setting.options.epochs = 2;
    setting.options.batch_size = 16;
    setting.options.learning_rate = 0.1;
    setting.options.architecture_learning_rate = 0.05;
    setting.options.augment.crop_padding = 1;
    setting.seed = 7;
  }
  static Scene of_partial_channels() {
    Scene scene(1);
    scene.setting.options.partial_channels = 4;
    scene.setting.options.edge_normalization = true;
    scene.setting.options.architecture_warmup = 1;
    return scene;
  }
  static Scene of_binary_paths() {
    Scene scene(1);
    scene.setting.options.mixture = MixtureKind::binary_paths;
    scene.setting.options.architecture_beta1 = 0;
    scene.setting.options.cost.weight = 0.1;
    scene.setting.options.guard.iterations = 0;
    return scene;
  }
  DartsSearch start() const { return DartsSearch(setting, *space, data); }
};

void advance(DartsSearch& search, int64_t until) {
  while (search.steps_done() < until && !search.done()) {
    search.step();
    if (search.at_epoch_end()) search.finish_epoch();
  }
}

struct Result {
  NamedTensors tensors;
  Json history;
};

Result finish(DartsSearch& search) {
  advance(search, 10);
  REQUIRE(search.done());
  return {test::copied(search.checkpoint().tensors), search.records()};
}

bool same(const Result& a, const Result& b) {
  return test::identical(a.tensors, b.tensors) && a.history == b.history;
}

Checkpoint detached(const Checkpoint& checkpoint) {
  return {test::copied(checkpoint.tensors), checkpoint.state};
}

using Selection = std::function<bool(const std::string& name)>;

/// `saved` with the selected tensors as in `fresh`.
Checkpoint without(const Checkpoint& saved, const Checkpoint& fresh, const Selection& left_out) {
  Checkpoint mixed{{}, saved.state};
  for (const auto& item : saved.tensors) {
    if (!left_out(item.first)) mixed.tensors.push_back(item);
  }
  for (const auto& item : fresh.tensors) {
    if (left_out(item.first)) mixed.tensors.push_back(item);
  }
  return mixed;
}

torch::Tensor below(const std::string& wanted, const NamedTensors& tensors) {
  for (const auto& [name, tensor] : tensors) {
    if (name == wanted) return tensor;
  }
  throw RunError("no tensor " + wanted);
}

bool running(const std::string& name) { return name.find("running_") != std::string::npos; }

}  // namespace

TEST_CASE("a search that is restored from a checkpoint goes on bit for bit", "[supernet]") {
  const Scene scene(GENERATE(1, 2));
  DartsSearch undisturbed = scene.start();
  REQUIRE(undisturbed.steps_per_epoch() == 5);
  const Result reference = finish(undisturbed);
  for (const auto& [name, tensor] : reference.tensors) {
    INFO(name);
    REQUIRE(tensor.isfinite().all().item<bool>());
  }

  DartsSearch first = scene.start();
  const Checkpoint fresh = detached(first.checkpoint());
  advance(first, 7);
  const Checkpoint saved = detached(first.checkpoint());
  const auto resumed = [&](const Checkpoint& checkpoint) {
    DartsSearch search = scene.start();
    search.restore(checkpoint);
    return finish(search);
  };
  REQUIRE(same(resumed(saved), reference));

  // Each piece of state left out once must show.
  const std::vector<std::pair<std::string, Selection>> pieces{
      {"weights", [](const auto& name) { return name.starts_with("network.") && !running(name); }},
      {"running statistics", running},
      {"alphas", [](const auto& name) { return name.starts_with("alphas."); }},
      {"weight optimizer", [](const auto& name) { return name.starts_with("weight_opt"); }},
      {"architecture optimizer", [](const auto& name) { return name.starts_with("architecture"); }},
      {"losses of the epoch", [](const auto& name) { return name == "losses"; }}};
  for (const auto& [piece, left_out] : pieces) {
    INFO(piece);
    REQUIRE_FALSE(same(resumed(without(saved, fresh, left_out)), reference));
  }
  for (const char* key : {"step", "history"}) {
    INFO(key);
    Checkpoint other = saved;
    other.state[key] = fresh.state[key];
    REQUIRE_FALSE(same(resumed(other), reference));
  }
}

TEST_CASE("a search on partial channels leaves the architecture alone at first and resumes exactly",
          "[supernet]") {
  const Scene scene = Scene::of_partial_channels();
  DartsSearch undisturbed = scene.start();
  const NamedTensors start = test::copied(undisturbed.checkpoint().tensors);
  advance(undisturbed, 5);
  const auto moved = [&](const char* name) {
    return !below(name, undisturbed.checkpoint().tensors).equal(below(name, start));
  };
  REQUIRE_FALSE(moved("alphas.cell"));
  REQUIRE_FALSE(moved("alphas.cell.edges"));
  REQUIRE(moved("network.stem.conv.weight"));
  const Result reference = finish(undisturbed);
  REQUIRE(moved("alphas.cell"));
  REQUIRE(moved("alphas.cell.edges"));

  DartsSearch first = scene.start();
  advance(first, 7);
  DartsSearch resumed = scene.start();
  resumed.restore(detached(first.checkpoint()));
  REQUIRE(same(finish(resumed), reference));
}

TEST_CASE("a search on binary paths with a price on operations resumes exactly", "[supernet]") {
  const Scene scene = Scene::of_binary_paths();
  DartsSearch undisturbed = scene.start();
  const Result reference = finish(undisturbed);
  DartsSearch first = scene.start();
  advance(first, 7);
  DartsSearch resumed = scene.start();
  resumed.restore(detached(first.checkpoint()));
  REQUIRE(same(finish(resumed), reference));
  Scene dear = Scene::of_binary_paths();
  dear.setting.options.cost.weight = 10;
  DartsSearch other = dear.start();
  REQUIRE_FALSE(same(finish(other), reference));
}

TEST_CASE("both orders of a search differ, and so do seeds", "[supernet]") {
  const auto alphas = [](const Scene& scene) {
    DartsSearch search = scene.start();
    advance(search, 2);
    return below("alphas.cell", search.checkpoint().tensors).clone();
  };
  Scene other_seed(1);
  other_seed.setting.seed = 8;
  const torch::Tensor first = alphas(Scene(1));
  REQUIRE(first.equal(alphas(Scene(1))));
  REQUIRE_FALSE(first.equal(alphas(Scene(2))));
  REQUIRE_FALSE(first.equal(alphas(other_seed)));
}

TEST_CASE("the checkpoint of another search is refused", "[supernet]") {
  const Scene scene(1);
  DartsSearch search = scene.start();
  Checkpoint other = detached(search.checkpoint());
  other.state["seed"] = 8;
  REQUIRE_THROWS_WITH(search.restore(other), ContainsSubstring("seed: found 8, expected 7"));
  for (const char* part : {"network.", "alphas.", "curvature.", "losses"}) {
    other = detached(search.checkpoint());
    const auto found =
        std::find_if(other.tensors.begin(), other.tensors.end(),
                     [&](const auto& named) { return named.first.starts_with(part); });
    REQUIRE(found != other.tensors.end());
    other.tensors.erase(found);
    REQUIRE_THROWS_WITH(search.restore(other), ContainsSubstring(" lack"));
  }
}

}  // namespace nas

#include "nas/run/outside_search.hpp"

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/run/searcher_state.hpp"
#include "nas/search/sampling.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::PlainSpace;

const PlainSpace kSpace({{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                         {"rate", RealInterval{1e-3, 1, true}, Condition{0, {1, 2}}},
                         {"depth", IntegerInterval{0, 30}, std::nullopt}});
const Objectives kObjectives{{"loss", Goal::minimize}};

Outcome loss_of(const Trial& trial) {
  return Score{{{"loss", static_cast<double>(std::get<int64_t>(trial.point->values[2]))}}, {}};
}

/// A search that forgets everything but its store between two calls, as processes do.
struct Scene {
  explicit Scene(std::string name) : type(std::move(name)) { settings.seed = 3; }

  std::string type;
  OutsideSettings settings;
  std::unique_ptr<TrialStore> store = make_memory_store();
  std::unique_ptr<Controller> controller;

  OutsideSearch search() {
    controller =
        testing::make_controller(testing::least_config(type, kSpace), {kSpace, kObjectives, 3});
    return OutsideSearch(settings, *controller, *store);
  }
};

/// Those that propose points and need no tensors.
std::vector<std::string> black_boxes() {
  std::vector<std::string> names;
  for (const auto& row : controller_registry(testing::tensor_controllers())) {
    const auto config = testing::least_config(std::string(row.name), kSpace);
    const auto made = testing::make_controller(config, {kSpace, kObjectives, 3});
    if (made && made->ask(0)->job == Job::evaluate) names.emplace_back(row.name);
  }
  return names;
}

TEST_CASE("Every controller takes results in any order, and from trials it never proposed") {
  for (const auto& type : black_boxes()) {
    INFO(type);
    Scene scene{type};
    std::vector<KnownTrial> known;
    for (uint64_t i = 0; i < 7; ++i) {
      RandomStream random(1, "test.known", i);
      known.push_back({sample(kSpace.choices(), random), {{"loss", static_cast<double>(i)}}});
    }
    scene.search().import(known);
    CHECK(scene.store->size() == 7);
    for (int round = 0; round < 6; ++round) {
      auto trials = scene.search().ask(5);
      if (trials.empty() && round > 0) break;  // some have an end of their own
      REQUIRE_FALSE(trials.empty());
      for (auto trial = trials.rbegin(); trial != trials.rend(); ++trial) {
        CHECK_NOTHROW(check(kSpace.choices(), *trial->point));
        CHECK(scene.search().tell(trial->number, loss_of(*trial)).state == TrialState::complete);
      }
    }
    CHECK(scene.search().open().empty());
  }
}

TEST_CASE("Asking at once or one by one gives the same trials") {
  Scene one{"random"};
  Scene many{"random"};
  const auto all = many.search().ask(4);
  for (size_t i = 0; i < 4; ++i) {
    const auto trial = one.search().ask(1).front();
    CHECK(trial.point == all[i].point);
    CHECK(trial.seed == all[i].seed);
  }
}

TEST_CASE("A point that is refused fails at once and another one is handed out") {
  Scene scene{"random"};
  scene.settings.refuse = [](const Point& point) -> std::optional<Failure> {
    if (std::get<int64_t>(point.values[2]) >= 10) return std::nullopt;
    return Failure{"constraint", "too shallow"};
  };
  const auto trials = scene.search().ask(10);
  CHECK(trials.size() == 10);
  for (const auto& trial : trials) CHECK(std::get<int64_t>(trial.point->values[2]) >= 10);
  CHECK(scene.store->size() > 10);
  CHECK(scene.search().open().size() == 10);
  scene.settings.refuse = [](const Point&) { return Failure{"constraint", "never"}; };
  CHECK(scene.search().ask(1).empty());  // and it ends
}

TEST_CASE("Imported trials are none of the budget's") {
  Scene scene{"random"};
  scene.settings.trials = 2;
  RandomStream random(1, "test.known");
  const KnownTrial known{sample(kSpace.choices(), random), {{"loss", 1}}};
  scene.search().import(std::vector{known, known});
  CHECK(imported_trials(*scene.store) == 2);
  CHECK(scene.search().ask(9).size() == 2);
  CHECK_FALSE(scene.search().budget_left());
}

TEST_CASE("A search under way and one from outside keep apart until all results are told") {
  Scene scene{"random"};
  const auto trial = scene.search().ask(1).front();
  CHECK_THROWS_AS(refuse_asked_trials(*scene.store), UsageError);
  scene.search().tell(0, loss_of(trial));
  CHECK_NOTHROW(refuse_asked_trials(*scene.store));

  save_searcher(*scene.store, *scene.controller, Json{{"told", 0}});  // as SearchLoop does
  CHECK_NOTHROW(scene.search());                                      // it has ended
  Trial begun = *scene.store->find(0);
  begun.number = 1;
  begun.state = TrialState::running;
  scene.store->add(begun);
  CHECK_THROWS_AS(scene.search(), UsageError);
}

TEST_CASE("A search that has ended and is asked for nothing more stays what it was") {
  Scene scene{"random"};
  scene.settings.trials = 1;
  const auto trial = scene.search().ask(1).front();
  scene.search().tell(0, loss_of(trial));
  save_searcher(*scene.store, *scene.controller, Json{{"told", 1}});  // as SearchLoop does
  scene.store->put("elapsed", "3600.0");

  CHECK(scene.search().ask(1).empty());
  CHECK_FALSE(is_asked_from_outside(*scene.store));
  CHECK(scene.store->get("elapsed") == "3600.0");

  scene.settings.trials = 2;
  CHECK(scene.search().ask(1).size() == 1);
  CHECK(is_asked_from_outside(*scene.store));
  CHECK(std::stod(*scene.store->get("elapsed")) >= 3600);
}

}  // namespace
}  // namespace nas

#include <cmath>
#include <set>
#include <string_view>

#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::PlainSpace;

Choices rich_choices() {
  return {{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
          {"width", IntegerInterval{1, 40, true}, Condition{0, {1, 2}}},
          {"depth", IntegerInterval{0, 5}, std::nullopt}};
}

const PlainSpace kRich(rich_choices());
const Objectives kObjectives{Objective{}};

/// Proposals are as valid and as repeatable where less time is spent on each.
const std::string kQuickGp = ", candidates: 32, starts: 1, futures: 4, model_trials: 30";

std::unique_ptr<Controller> make(const std::string& type, const SearchContext& context) {
  // A grid of five numbers would be too soon at its end.
  const std::string options = type == "grid" ? ", points: 100" : type == "gp" ? kQuickGp : "";
  return testing::make_controller(testing::least_config(type, context.space) + options, context);
}

/// A finished trial with a score that depends on the point; every fifth fails.
Trial finished(int64_t number, const Proposal& proposal) {
  Trial trial;
  trial.number = number;
  trial.job = proposal.job;
  trial.point = proposal.point;
  trial.budget = proposal.budget;
  trial.continues = proposal.continues;
  trial.state = TrialState::complete;
  if (number % 5 == 4) {
    trial.state = TrialState::failed;
    trial.failure = Failure{"nan", ""};
  } else if (proposal.job == Job::evaluate) {
    trial.metrics["validation_accuracy"] =
        static_cast<double>(std::get<int64_t>(proposal.point->values[0]));
  } else {
    trial.point = Point{{int64_t{1}, int64_t{3}, int64_t{2}}};
  }
  return trial;
}

struct Session {
  const Space& space;
  Objectives objectives{Objective{}};
  std::string type;
  int64_t lag = 1;

  /// Proposals 0 .. count - 1; saved and loaded into a fresh controller before trial `reload`.
  std::vector<Proposal> run(int64_t count, int64_t reload) const {
    const SearchContext context{space, objectives, 7};
    auto controller = make(type, context);
    std::vector<Proposal> proposals;
    for (int64_t n = 0, told = 0; n < count; ++n) {
      if (n == reload) {
        const std::string bytes = controller->save();
        controller = make(type, context);
        controller->load(bytes);
      }
      for (; told < n - lag + 1; ++told)
        controller->tell(finished(told, proposals[static_cast<size_t>(told)]));
      auto proposal = controller->ask(n);
      while (!proposal && told < n) {
        controller->tell(finished(told, proposals[static_cast<size_t>(told)]));
        ++told;
        proposal = controller->ask(n);
      }
      if (!proposal) break;
      proposals.push_back(*proposal);
    }
    return proposals;
  }
};

const std::set<std::string_view> kOfPolicies{"reinforce", "ppo"};

/// All that this program has.
std::vector<std::string> controllers() {
  const bool policies = testing::tensor_controllers().reinforce != nullptr;
  std::vector<std::string> names;
  for (const auto& row : controller_registry(testing::tensor_controllers())) {
    if (policies || !kOfPolicies.contains(row.name)) names.emplace_back(row.name);
  }
  return names;
}

/// Those that wait for a supernet have nothing to evaluate where all trials fail.
std::vector<std::string> black_box_controllers() {
  const SearchContext context{kRich, kObjectives, 7};
  auto names = controllers();
  std::erase_if(
      names, [&](const auto& name) { return make(name, context)->ask(0)->job != Job::evaluate; });
  return names;
}

/// Those that promise never to propose a point twice.
const std::vector<std::string> kNeverRepeat{"grid",    "local_search", "nsga2",
                                            "bananas", "annealing",    "spos"};

bool same(const std::vector<Proposal>& a, const std::vector<Proposal>& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& x, const auto& y) {
    return x.job == y.job && x.point == y.point && x.budget == y.budget &&
           x.continues == y.continues;
  });
}

TEST_CASE("Every controller goes on bit for bit from its saved state, at any moment and lag") {
  const PlainSpace space(rich_choices());
  for (const auto& type : controllers()) {
    const int64_t lag = GENERATE(1, 8);
    const Session session{space, {Objective{}}, type, lag};
    const auto undisturbed = session.run(160, -1);
    REQUIRE_FALSE(undisturbed.empty());
    for (const int64_t reload : {1, 9, 101, 130}) {
      INFO(type << " reloaded at " << reload << " with lag " << lag);
      CHECK(same(undisturbed, session.run(160, reload)));
    }
  }
}

TEST_CASE("Every controller continues only trials that it was told, of its point and less budget") {
  const std::string changes_points = "pbt";
  const PlainSpace space(rich_choices());
  for (const auto& type : controllers()) {
    const int64_t lag = GENERATE(1, 8);
    INFO(type << " with lag " << lag);
    const auto proposals = Session{space, {Objective{}}, type, lag}.run(160, -1);
    for (size_t n = 0; n < proposals.size(); ++n) {
      const auto& proposal = proposals[n];
      if (!proposal.continues) continue;
      const auto parent = static_cast<size_t>(*proposal.continues);
      REQUIRE(parent < n);
      CHECK(parent % 5 != 4);  // those that failed
      CHECK(proposals[parent].budget < proposal.budget);
      if (type != changes_points) CHECK(proposals[parent].point == proposal.point);
    }
  }
}

TEST_CASE("Every controller proposes valid points, also in a space of a single point") {
  const PlainSpace rich(rich_choices());
  const PlainSpace single({{"op", Categorical{{"only"}}, std::nullopt},
                           {"width", IntegerInterval{3, 3}, std::nullopt},
                           {"depth", IntegerInterval{0, 0}, std::nullopt}});
  for (const auto& type : controllers()) {
    for (const Space* space :
         {static_cast<const Space*>(&rich), static_cast<const Space*>(&single)}) {
      const bool derived = make(type, {*space, kObjectives, 7})->ask(0)->job == Job::supernet;
      if (derived && space == &single) continue;  // its point comes from the supernet
      INFO(type);
      for (const auto& proposal : Session{*space, {Objective{}}, type, 1}.run(130, -1)) {
        if (proposal.point) CHECK_NOTHROW(check(space->choices(), *proposal.point));
      }
    }
  }
}

/// Integers and reals on both scales, and a chain of conditions.
Choices mixed_choices() {
  return {{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
          {"kind", Categorical{{"x", "y"}}, Condition{0, {1, 2}}},
          {"rate", RealInterval{1e-5, 1, true}, Condition{1, {1}}},
          {"share", RealInterval{-1, 1}, std::nullopt},
          {"fixed", RealInterval{2, 2}, std::nullopt},
          {"width", IntegerInterval{1, 4096, true}, std::nullopt},
          {"depth", IntegerInterval{-3, 90}, Condition{0, {0}}}};
}

TEST_CASE("Every controller goes on among conditional, real and whole numbers, at any lag") {
  const PlainSpace space(mixed_choices());
  for (const auto& type : black_box_controllers()) {
    if (kOfPolicies.contains(type)) continue;  // they refuse real numbers
    const int64_t lag = GENERATE(1, 8);
    INFO(type << " with lag " << lag);
    const Session session{space, {Objective{}}, type, lag};
    const auto undisturbed = session.run(120, -1);
    REQUIRE(undisturbed.size() == 120);
    for (const auto& proposal : undisturbed) {
      CHECK_NOTHROW(check(space.choices(), *proposal.point));
    }
    CHECK(same(undisturbed, session.run(120, 77)));
  }
}

TEST_CASE("Controllers that never repeat a point try all of a small space and then stop") {
  const Choices choices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                        {"width", IntegerInterval{1, 12, true}, Condition{0, {1, 2}}},
                        {"depth", IntegerInterval{0, 3}, std::nullopt}};
  const PlainSpace space(choices);
  const PlainSpace single({{"op", Categorical{{"only"}}, std::nullopt},
                           {"rate", RealInterval{3, 3}, std::nullopt},
                           {"depth", IntegerInterval{0, 0}, std::nullopt}});
  for (const auto& type : kNeverRepeat) {
    const int64_t lag = GENERATE(1, 8);
    INFO(type << " with lag " << lag);
    std::set<Point> seen;
    const auto proposals = Session{space, {Objective{}}, type, lag}.run(1000, 60);
    for (const auto& proposal : proposals) seen.insert(*proposal.point);
    CHECK(proposals.size() == 100);  // (1 + 2 * 12) * 4
    CHECK(seen.size() == 100);
    CHECK(Session{single, {Objective{}}, type, lag}.run(1000, -1).size() == 1);
  }
}

TEST_CASE("Every controller goes on where no trial succeeds, or where few keep a constraint") {
  const PlainSpace space(rich_choices());
  for (const auto& type : black_box_controllers()) {
    const int64_t lag = GENERATE(1, 8);
    INFO(type << " with lag " << lag);
    const auto none = make(type, {space, kObjectives, 7});
    const auto failed = testing::search(*none, 150, lag, [](const Point&) { return Metrics{}; });
    CHECK(failed.size() == 150);
    const auto few = make(type, {space, kObjectives, 7});
    const auto scarce = testing::search(*few, 150, lag, [](const Point& point) {
      const auto depth = static_cast<double>(std::get<int64_t>(point.values[2]));
      return depth < 4 ? Metrics{} : Metrics{{"validation_accuracy", depth}};
    });
    CHECK(scarce.size() == 150);
    for (const auto& trial : scarce) CHECK_NOTHROW(check(space.choices(), *trial.point));
  }
}

TEST_CASE("Every controller goes on where results are infinite or not a number") {
  const PlainSpace space(rich_choices());
  for (const auto& type : kNeverRepeat) {
    INFO(type);
    const auto controller = make(type, {space, kObjectives, 7});
    const auto trials = testing::search(*controller, 100, 1, [](const Point& point) {
      const double bad = std::get<int64_t>(point.values[2]) % 2 == 0 ? INFINITY : NAN;
      return Metrics{{"validation_accuracy", bad}};
    });
    CHECK(trials.size() == 100);
    const auto again = make(type, {space, kObjectives, 7});
    CHECK_NOTHROW(again->load(controller->save()));
  }
}

TEST_CASE("Evolution leaves bad points behind, and dropping its state is noticed") {
  const PlainSpace space(rich_choices());
  const Session session{space, {Objective{}}, "regularized_evolution", 1};
  const auto proposals = session.run(600, -1);
  int64_t best = 0;
  for (size_t n = 500; n < 600; ++n)
    best += std::get<int64_t>(proposals[n].point->values[0]) == 2 ? 1 : 0;
  CHECK(best > 50);  // a third at random
  const SearchContext context{space, session.objectives, 7};
  const auto forgetful = make("regularized_evolution", context);
  CHECK_FALSE(forgetful->ask(300)->point == proposals[300].point);
}

TEST_CASE("DARTS proposes a supernet, waits for it, then evaluates what it derived once") {
  const PlainSpace space(rich_choices());
  const Objectives objectives{Objective{}};
  const auto darts = make("darts", {space, objectives, 7});
  CHECK(darts->ask(0)->job == Job::supernet);
  CHECK_FALSE(darts->ask(1));
  darts->tell(finished(0, {Job::supernet, std::nullopt}));
  CHECK(darts->ask(1)->point == Point{{int64_t{1}, int64_t{3}, int64_t{2}}});
  CHECK_FALSE(darts->ask(2));
}

}  // namespace
}  // namespace nas

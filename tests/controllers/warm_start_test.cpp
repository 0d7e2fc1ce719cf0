#include "controllers/warm_start.hpp"

#include <algorithm>
#include <set>

#include "nas/core/statistics.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/controllers/nas_bench_201.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;

const Choices kChoices{{"op", Categorical{{"a", "b", "c"}}, std::nullopt},
                       {"width", IntegerInterval{1, 40, true}, Condition{0, {1, 2}}},
                       {"depth", IntegerInterval{0, 5}, std::nullopt}};
const PlainSpace kSpace(kChoices);
const Objectives kObjectives{Objective{}};
const std::vector<std::string> kTypes{"random", "local_search", "regularized_evolution",
                                      "nsga2",  "bananas",      "annealing"};

double sum_of(const Point& point) {
  double sum = 0;
  for (const Value& value : point.values) {
    if (const auto* number = std::get_if<int64_t>(&value)) sum += static_cast<double>(*number);
  }
  return sum;
}

std::unique_ptr<Controller> make(const std::string& config, int64_t points,
                                 const Space& space = kSpace, uint64_t seed = 7) {
  const SearchContext context{space, kObjectives, seed};
  return make_warm_start(make_controller("type: " + config, context), {"proxy", points}, context);
}

/// A screened point has its sum as proxy, every seventh none; an evaluated one has its sum.
Trial finished(int64_t number, const Proposal& proposal) {
  Trial trial;
  trial.number = number;
  trial.job = proposal.job;
  trial.point = proposal.point;
  trial.state = number % 7 == 3 ? TrialState::failed : TrialState::complete;
  if (trial.state == TrialState::failed) {
    trial.failure = Failure{"nan", ""};
  } else {
    trial.metrics[proposal.job == Job::screen ? "proxy" : "validation_accuracy"] =
        sum_of(*proposal.point);
  }
  return trial;
}

/// Proposals until `count`, as the run loop asks for them with this lag; saved and loaded into a
/// fresh controller before trial `reload`.
std::vector<Proposal> run(const std::string& type, int64_t count, int64_t lag, int64_t reload) {
  constexpr int64_t kPoints = 30;
  auto controller = make(type, kPoints);
  std::vector<Proposal> proposals;
  int64_t told = 0;
  const auto tell_next = [&] {
    controller->tell(finished(told, proposals[static_cast<size_t>(told)]));
    ++told;
  };
  for (int64_t n = 0; n < count; ++n) {
    if (n == reload) {
      const std::string bytes = controller->save();
      controller = make(type, kPoints);
      controller->load(bytes);
    }
    while (told < n - lag + 1) tell_next();
    auto proposal = controller->ask(n);
    for (; !proposal && told < n; proposal = controller->ask(n)) tell_next();
    REQUIRE(proposal);
    proposals.push_back(*proposal);
  }
  return proposals;
}

/// The screened points of a run, best first, each once, without those that failed.
std::vector<Point> ranking(const std::vector<Proposal>& proposals) {
  std::vector<Point> points;
  for (size_t i = 0; i < proposals.size(); ++i) {
    if (proposals[i].job == Job::screen && i % 7 != 3) points.push_back(*proposals[i].point);
  }
  std::stable_sort(points.begin(), points.end(),
                   [](const Point& a, const Point& b) { return sum_of(a) > sum_of(b); });
  std::set<Point> seen;
  std::erase_if(points, [&](const Point& point) { return !seen.insert(point).second; });
  return points;
}

TEST_CASE("A screening comes first and is waited for, then the controller begins") {
  for (const auto& type : kTypes) {
    INFO(type);
    const auto controller = make(type, 20);
    std::vector<Proposal> screened;
    for (int64_t n = 0; n < 20; ++n) {
      screened.push_back(*controller->ask(n));
      CHECK(screened.back().job == Job::screen);
      CHECK_NOTHROW(check(kChoices, *screened.back().point));
    }
    CHECK_FALSE(controller->ask(20));
    for (int64_t n = 0; n < 19; ++n) {
      controller->tell(finished(n, screened[static_cast<size_t>(n)]));
      CHECK_FALSE(controller->ask(20));
    }
    controller->tell(finished(19, screened[19]));
    const auto first = controller->ask(20);
    REQUIRE(first);
    CHECK(first->job == Job::evaluate);
    CHECK(first->point == ranking(screened).front());
  }
}

TEST_CASE("The first proposals are the best of the screening, in order") {
  for (const std::string type :
       {"random", "regularized_evolution, population: 8, sample: 3", "nsga2, population: 8",
        "bananas, startup_trials: 8", "annealing, startup_trials: 8"}) {
    INFO(type);
    const auto proposals = run(type, 60, 1, -1);
    const auto best = ranking(proposals);
    for (size_t i = 0; i < 8; ++i) CHECK(*proposals[30 + i].point == best[i]);
  }
}

TEST_CASE("Local search starts from the best of the screening and may propose what was screened") {
  const auto proposals = run("local_search", 200, 1, -1);
  const auto best = ranking(proposals);
  CHECK(*proposals[30].point == best[0]);
  std::set<Point> proposed;
  for (const auto& proposal : proposals) {
    if (proposal.job == Job::evaluate) proposed.insert(*proposal.point);
  }
  CHECK(proposed.size() == 170);  // none twice
}

TEST_CASE("A warm start goes on bit for bit from its saved state, at any moment and lag") {
  for (const auto& type : kTypes) {
    for (const int64_t lag : {1, 8}) {
      const auto undisturbed = run(type, 130, lag, -1);
      for (const int64_t reload : {1, 17, 29, 30, 31, 44, 90}) {
        INFO(type << " reloaded at " << reload << " with lag " << lag);
        const auto again = run(type, 130, lag, reload);
        CHECK(std::equal(undisturbed.begin(), undisturbed.end(), again.begin(), again.end(),
                         [](const Proposal& a, const Proposal& b) {
                           return a.job == b.job && a.point == b.point;
                         }));
      }
    }
  }
}

TEST_CASE("A screening in which all points fail leaves the controller as it was") {
  for (const auto& type : kTypes) {
    INFO(type);
    const auto controller = make(type, 10);
    for (int64_t n = 0; n < 10; ++n) {
      Trial trial = finished(3, *controller->ask(n));
      trial.number = n;
      controller->tell(trial);
    }
    const auto plain = make_controller("type: " + type, {kSpace, kObjectives, 7});
    CHECK(controller->ask(10)->point == plain->ask(0)->point);
  }
}

/// Mean over seeds of the best of 40 evaluated cells; the proxy is the number of parameters.
double mean_best(const std::string& config, int64_t screened, const Space& space,
                 const std::map<Point, double>& table) {
  std::vector<double> bests;
  for (uint64_t seed = 0; seed < 30; ++seed) {
    auto controller = make_controller("type: " + config, {space, kObjectives, seed});
    if (screened > 0) controller = make(config, screened, space, seed);
    double best = 0;
    for (int64_t n = 0; n < screened + 40; ++n) {
      const Proposal proposal = *controller->ask(n);
      Trial trial;
      trial.number = n;
      trial.job = proposal.job;
      trial.state = TrialState::complete;
      trial.point = proposal.point;
      if (proposal.job == Job::screen) {
        const auto& values = proposal.point->values;
        const auto ones = std::count(values.begin(), values.end(), Value{int64_t{2}});
        const auto threes = std::count(values.begin(), values.end(), Value{int64_t{3}});
        trial.metrics["proxy"] =
            28000.0 * static_cast<double>(ones) + 243040.0 * static_cast<double>(threes);
      } else {
        trial.metrics["validation_accuracy"] = table.at(*proposal.point);
        best = std::max(best, table.at(*proposal.point));
      }
      controller->tell(trial);
    }
    bests.push_back(best);
  }
  return mean(bests);
}

TEST_CASE("A warm start by parameters finds better cells of NAS-Bench-201 in 40 trials") {
  const auto space = make_nas_bench_201({}, {});
  const auto table = testing::nas_bench_201_table(*space);
  if (table.empty()) {
    WARN("skipped: no NAS-Bench-201 table below NAS_DATA");
    return;
  }
  for (const std::string config :
       {"random", "regularized_evolution, population: 10, sample: 3", "bananas", "local_search"}) {
    const double cold = mean_best(config, 0, *space, table);
    const double warm = mean_best(config, 100, *space, table);
    INFO(config << ": " << cold << " without, " << warm << " with");
    CHECK(warm > cold);
  }
}

}  // namespace
}  // namespace nas

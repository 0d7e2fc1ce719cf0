#include "controllers/asha.hpp"

#include <map>

#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;

const PlainSpace kReal({{"x", RealInterval{0, 1}, std::nullopt}});
const Objectives kObjectives{Objective{}};
const SearchContext kContext{kReal, kObjectives, 7};

Metrics score_of(const Point& point) {
  return {{"validation_accuracy", std::get<double>(point.values[0])}};
}

TEST_CASE(
    "ASHA promotes as soon as a trial is among the best of its rung, the highest rung first") {
  const auto search = make_controller("type: asha, max_budget: 9", kContext);
  const auto trials = testing::search(*search, 13, 1, score_of);
  std::vector<Budget> budgets;
  for (const auto& trial : trials) budgets.push_back(trial.budget);
  REQUIRE(trials.size() == 13);
  CHECK(budgets[0] == 1);
  CHECK(budgets[2] == 1);
  CHECK(budgets[3] == 3);  // one of three
  CHECK(std::count(budgets.begin(), budgets.end(), 9) <= 1);
  for (const auto& trial : trials) {
    if (!trial.continues) continue;
    const auto parent = static_cast<size_t>(*trial.continues);
    size_t better = 0;
    size_t same_rung = 0;
    for (size_t n = 0; n < static_cast<size_t>(trial.number); ++n) {
      if (trials[n].budget != trials[parent].budget) continue;
      ++same_rung;
      if (trials[n].metrics > trials[parent].metrics) ++better;
    }
    CHECK(better < same_rung / 3);
  }
}

TEST_CASE("ASHA spends about a third of its trials on each higher rung") {
  const auto search = make_controller("type: asha, max_budget: 9", kContext);
  std::map<Budget, int64_t> counts;
  for (const auto& trial : testing::search(*search, 390, 8, score_of)) ++counts[trial.budget];
  CHECK(counts[1] == Approx(270).margin(15));
  CHECK(counts[3] == Approx(90).margin(10));
  CHECK(counts[9] == Approx(30).margin(10));
}

TEST_CASE("ASHA promotes neither what failed nor what was stopped") {
  const auto search = make_controller("type: asha, max_budget: 3", kContext);
  for (int64_t number = 0; number < 3; ++number) {
    Trial trial;
    trial.number = number;
    trial.point = search->ask(number)->point;
    trial.metrics = {{"validation_accuracy", 99.0 - static_cast<double>(number)}};
    trial.state = number == 0   ? TrialState::stopped
                  : number == 1 ? TrialState::failed
                                : TrialState::complete;
    search->tell(trial);
  }
  CHECK(search->ask(3)->continues == 2);
  CHECK_FALSE(search->ask(4)->continues);
}

TEST_CASE("ASHA keeps the state of what a growing rung may still promote") {
  const auto search = make_controller("type: asha, max_budget: 3", kContext);
  const auto tell = [&](int64_t number, double accuracy) {
    Trial trial;
    trial.number = number;
    trial.point = search->ask(number)->point;
    trial.metrics = {{"validation_accuracy", accuracy}};
    trial.state = TrialState::complete;
    search->tell(trial);
  };
  tell(0, 50);
  tell(1, 10);
  CHECK(search->may_continue(0));
  CHECK(search->may_continue(1));
  for (int64_t number = 2; number < 12; ++number) tell(number, 60 + static_cast<double>(number));
  CHECK_FALSE(search->may_continue(1));  // last of many
}

TEST_CASE("Rungs without a sense are mistakes of the configuration") {
  CHECK_THROWS_WITH(make_controller("type: asha, min_budget: 9, max_budget: 3", kContext),
                    ContainsSubstring("max_budget") && ContainsSubstring("less than min_budget"));
  CHECK_THROWS_AS(make_controller("type: asha, eta: 1", kContext), ConfigError);
}

}  // namespace
}  // namespace nas

#include "controllers/hyperband.hpp"

#include <map>
#include <set>

#include "controllers/successive_halving.hpp"
#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;

const PlainSpace kReal({{"x", RealInterval{0, 1}, std::nullopt}});
const Objectives kObjectives{Objective{}};
const SearchContext kContext{kReal, kObjectives, 7};

/// x itself, whatever the budget; the worst tenth fails.
Metrics score_of(const Point& point) {
  const double x = std::get<double>(point.values[0]);
  return x < 0.1 ? Metrics{} : Metrics{{"validation_accuracy", x}};
}

HalvingOptions paper() { return {1, 81, 3}; }

TEST_CASE("The brackets of hyperband are those of the paper's table for R = 81 and eta = 3") {
  const auto brackets = hyperband_brackets(paper(), kContext);
  REQUIRE(brackets.size() == 5);
  CHECK(brackets[0].sizes == std::vector<int64_t>{81, 27, 9, 3, 1});
  CHECK(brackets[0].budgets == std::vector<Budget>{1, 3, 9, 27, 81});
  CHECK(brackets[1].sizes == std::vector<int64_t>{34, 11, 3, 1});
  CHECK(brackets[2].sizes == std::vector<int64_t>{15, 5, 1});
  CHECK(brackets[2].budgets == std::vector<Budget>{9, 27, 81});
  CHECK(brackets[3].sizes == std::vector<int64_t>{8, 2});
  CHECK(brackets[4].sizes == std::vector<int64_t>{5});
}

TEST_CASE("Rungs end at the largest budget and are whole where both ends are") {
  CHECK(rung_budgets({1, 8, 3}, kContext) == std::vector<Budget>{3, 8});
  CHECK(rung_budgets({2, 2, 4}, kContext) == std::vector<Budget>{2});
  CHECK(rung_budgets({1, 243, 3}, kContext).size() == 6);
  const auto shares = rung_budgets({0.1, 1, 3}, kContext);
  REQUIRE(shares.size() == 3);
  CHECK(shares.front() == Approx(1.0 / 9));
  CHECK(shares.back() == 1);
  SearchContext trained = kContext;
  trained.own_budget = 9;
  CHECK(rung_budgets({}, trained) == std::vector<Budget>{1, 3, 9});
  CHECK(rung_budgets({}, kContext).back() == 81);
}

TEST_CASE("A bracket promotes the best of each rung, and none that failed") {
  const auto search = make_controller("type: hyperband, max_budget: 9", kContext);
  const auto trials = testing::search(*search, 9 + 3 + 1, 1, score_of);
  REQUIRE(trials.size() == 13);
  std::map<Budget, std::multiset<double>> rungs;
  for (const Trial& trial : trials) {
    rungs[trial.budget].insert(std::get<double>(trial.point->values[0]));
    if (trial.budget == 1) continue;
    CHECK(trial.point == trials[static_cast<size_t>(*trial.continues)].point);
  }
  REQUIRE(rungs[1].size() == 9);
  REQUIRE(rungs[3].size() == 3);
  REQUIRE(rungs[9].size() == 1);
  CHECK(std::equal(rungs[3].rbegin(), rungs[3].rend(), rungs[1].rbegin()));
  CHECK(*rungs[9].begin() == *rungs[1].rbegin());
}

TEST_CASE("Points go on as soon as no missing result can change that they are among the best") {
  const auto search = make_controller("type: successive_halving, max_budget: 9", kContext);
  std::vector<Budget> budgets;
  for (const Trial& trial : testing::search(*search, 13, 1, score_of)) {
    budgets.push_back(trial.budget);
  }
  CHECK(budgets == std::vector<Budget>{1, 1, 1, 1, 1, 1, 1, 3, 1, 3, 1, 3, 9});
}

TEST_CASE("A rung that is complete once too few of the one below have a score ends the bracket") {
  // Of nine points the first two alone have a score.
  const auto search = make_controller("type: successive_halving, max_budget: 9", kContext);
  int64_t scored = 0;
  std::set<Point> good;
  const auto trials = testing::search(*search, 40, 1, [&](const Point& point) {
    if (scored < 2 && good.insert(point).second) ++scored;
    return good.contains(point) ? Metrics{{"validation_accuracy", 1}} : Metrics{};
  });
  REQUIRE(trials.size() == 40);
  std::vector<Budget> first(11);
  for (size_t n = 0; n < first.size(); ++n) first[n] = trials[n].budget;
  CHECK(first == std::vector<Budget>{1, 1, 1, 1, 1, 1, 1, 3, 1, 3, 1});
  CHECK(trials[11].budget == 9);
  for (size_t n = 12; n < 40; ++n) CHECK(trials[n].budget == 1);
}

TEST_CASE("While no promotion is certain the next bracket begins") {
  const auto search = make_controller("type: successive_halving, max_budget: 9", kContext);
  const auto trials = testing::search(*search, 40, 4, score_of);
  REQUIRE(trials.size() == 40);
  CHECK(trials[9].budget == 1);  // of the second bracket
  for (size_t n = 10; n < 13; ++n) CHECK(trials[n].budget == 3);
  CHECK(trials[13].budget == 1);
}

TEST_CASE("A bracket in which all trials fail ends, and the next one begins") {
  const auto search = make_controller("type: successive_halving, max_budget: 3", kContext);
  const auto trials = testing::search(*search, 30, 1, [](const Point&) { return Metrics{}; });
  REQUIRE(trials.size() == 30);
  for (const auto& trial : trials) CHECK_FALSE(trial.continues);
}

TEST_CASE("An exhausted space ends the search once its best point had the largest budget") {
  const PlainSpace small({{"op", Categorical{{"a", "b", "c", "d"}}, std::nullopt}});
  const SearchContext context{small, kObjectives, 7};
  for (const std::string type : {"hyperband", "successive_halving", "asha"}) {
    const int64_t lag = GENERATE(1, 8);
    INFO(type << " with lag " << lag);
    const auto search = make_controller("type: " + type + ", max_budget: 27", context);
    const auto trials = testing::search(*search, 1000, lag, [](const Point& point) {
      return Metrics{
          {"validation_accuracy", static_cast<double>(std::get<int64_t>(point.values[0]))}};
    });
    CHECK(trials.size() < 30);
    std::set<Point> started;
    for (const auto& trial : trials) {
      if (!trial.continues) CHECK(started.insert(*trial.point).second);
    }
    CHECK(started.size() == 4);
    const auto best = best_trial(trials, kObjectives);
    REQUIRE(best);
    CHECK(trials[*best].budget == 27);
    CHECK(trials[*best].point == Point{{int64_t{3}}});
  }
}

TEST_CASE("Screened points come first, in their order") {
  const auto search = make_controller("type: hyperband, max_budget: 9", kContext);
  const std::vector<Point> liked{Point{{0.25}}, Point{{0.75}}};
  search->warm_start(liked);
  CHECK(search->ask(0)->point == liked[0]);
  CHECK(search->ask(1)->point == liked[1]);
  CHECK(search->ask(2)->point != liked[1]);
}

TEST_CASE("The state of a trial is kept exactly while it may be promoted") {
  const auto search = make_controller("type: successive_halving, max_budget: 3", kContext);
  std::map<int64_t, Trial> trials;
  const auto ask = [&](int64_t number) {
    const auto proposal = search->ask(number);
    Trial trial;
    trial.number = number;
    trial.point = proposal->point;
    trial.budget = proposal->budget;
    trial.state = TrialState::complete;
    trials[number] = trial;
  };
  const auto tell = [&](int64_t number, double accuracy) {
    trials[number].metrics["validation_accuracy"] = accuracy;
    search->tell(trials[number]);
  };
  for (const int64_t number : {0, 1, 2}) ask(number);
  CHECK(search->may_continue(2));  // not told yet
  tell(0, 50);
  CHECK(search->may_continue(0));
  tell(1, 60);
  CHECK_FALSE(search->may_continue(0));
  tell(2, 40);
  CHECK(search->may_continue(1));
  ask(3);
  CHECK(trials[3].budget == 3);
  CHECK_FALSE(search->may_continue(1));  // is being continued
  CHECK_FALSE(search->may_continue(3));  // has all of it
}

}  // namespace
}  // namespace nas

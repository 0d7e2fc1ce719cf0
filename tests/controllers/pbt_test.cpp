#include "controllers/pbt.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <vector>

#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;

const Objectives kObjectives{{"value", Goal::maximize}};
const PlainSpace kRate({{"rate", RealInterval{1e-4, 1, true}, std::nullopt},
                        {"layers", IntegerInterval{1, 3}, std::nullopt}});
const SearchContext kContext{kRate, kObjectives, 7, 12};

/// The trials to the end of the search; `score` may look at those before.
std::vector<Trial> searched(Controller& controller, int64_t lag,
                            const std::function<double(const Trial&)>& score) {
  std::vector<Trial> trials;
  int64_t told = 0;
  const auto tell_next = [&] { controller.tell(trials[static_cast<size_t>(told++)]); };
  for (int64_t n = 0;; ++n) {
    while (told < n - lag + 1) tell_next();
    auto proposal = controller.ask(n);
    for (; !proposal && told < n; proposal = controller.ask(n)) tell_next();
    if (!proposal) return trials;
    Trial trial;
    trial.number = n;
    trial.state = TrialState::complete;
    trial.point = proposal->point;
    trial.budget = proposal->budget;
    trial.continues = proposal->continues;
    trial.metrics = {{"value", score(trial)}};
    trials.push_back(std::move(trial));
  }
}

double rate_of(const Trial& trial) { return std::get<double>(trial.point->values[0]); }

TEST_CASE("PBT replaces the worst fifth of a round by the best fifth, with changed choices") {
  const auto search =
      make_controller("type: pbt, population: 10, interval: 4, explore: [rate]", kContext);
  const auto trials = searched(*search, 1, rate_of);
  REQUIRE(trials.size() == 30);
  for (size_t round = 1; round < 3; ++round) {
    std::vector<size_t> order;  // of the round before, the best first
    for (size_t n = 10 * round - 10; n < 10 * round; ++n) order.push_back(n);
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return rate_of(trials[a]) > rate_of(trials[b]); });
    std::map<size_t, int> heirs;
    for (size_t n = 10 * round; n < 10 * round + 10; ++n) {
      const Trial& trial = trials[n];
      CHECK(trial.budget == 4 * static_cast<double>(round + 1));
      REQUIRE(trial.continues);
      const auto parent = static_cast<size_t>(*trial.continues);
      const auto rank = std::find(order.begin(), order.end(), parent) - order.begin();
      CHECK(rank < 8);
      if (rank >= 2) CHECK(trial.point == trials[parent].point);
      CHECK(trial.point->values[1] == trials[parent].point->values[1]);  // not explored
      ++heirs[parent];
    }
    CHECK(heirs.size() == 8);
    CHECK(heirs[order[0]] + heirs[order[1]] == 4);
  }
}

TEST_CASE("PBT finds the schedule that no fixed choice is") {
  // Jaderberg et al. 2017, figure 2: two weights fall by what each is given of the step; a member
  // of fixed choices only ever lets one of them fall.
  const PlainSpace space({{"step", Categorical{{"first", "second"}}, std::nullopt}});
  const auto run = [&](const std::string& options) {
    const auto search = make_controller("type: pbt, population: 10, max_budget: 40" + options,
                                        {space, kObjectives, 3});
    std::map<int64_t, std::array<double, 2>> states;
    double best = 0;
    searched(*search, 4, [&](const Trial& trial) {
      auto state = trial.continues ? states.at(*trial.continues) : std::array{0.9, 0.9};
      state[static_cast<size_t>(std::get<int64_t>(trial.point->values[0]))] *= 0.85;
      states[trial.number] = state;
      best = std::max(best, 1.2 - state[0] * state[0] - state[1] * state[1]);
      return 1.2 - state[0] * state[0] - state[1] * state[1];
    });
    return best;
  };
  CHECK(run("") > 1.15);
  CHECK(run(", truncation: 0") < 1.2 - 0.8);
}

TEST_CASE("PBT keeps the states that a member may still take over") {
  const auto search =
      make_controller("type: pbt, population: 10, interval: 6, explore: [rate]", kContext);
  std::vector<Trial> trials;
  for (int64_t n = 0; n < 10; ++n) {
    Trial trial;
    trial.number = n;
    trial.point = search->ask(n)->point;
    trial.state = TrialState::complete;
    trial.metrics = {{"value", static_cast<double>(n)}};
    CHECK(search->may_continue(n));
    trials.push_back(trial);
  }
  CHECK_FALSE(search->ask(10));  // nobody was told
  for (const Trial& trial : trials) search->tell(trial);
  for (int64_t n = 10; n < 20; ++n) {
    for (int64_t first = 0; first < 10; ++first) CHECK(search->may_continue(first));
    const auto proposal = search->ask(n);
    REQUIRE(proposal);
    CHECK(search->may_continue(*proposal->continues) == (n < 19));
    CHECK_FALSE(search->may_continue(n));  // the last round
  }
}

TEST_CASE("PBT replaces a member that failed, by a new one where all did") {
  const auto search =
      make_controller("type: pbt, population: 3, interval: 6, explore: [rate]", kContext);
  const auto tell = [&](int64_t number, const Proposal& proposal, bool failed) {
    Trial trial;
    trial.number = number;
    trial.point = proposal.point;
    trial.state = failed ? TrialState::failed : TrialState::complete;
    if (!failed) trial.metrics = {{"value", 1}};
    search->tell(trial);
  };
  std::vector<Proposal> first;
  for (int64_t n = 0; n < 3; ++n) first.push_back(*search->ask(n));
  tell(0, first[0], true);
  const auto anew = *search->ask(3);
  CHECK_FALSE(anew.continues);
  CHECK(anew.budget == 12);
  tell(1, first[1], false);
  tell(2, first[2], true);
  CHECK(search->ask(4)->continues == 1);
  CHECK(search->ask(5)->continues == 1);
  CHECK_FALSE(search->ask(6));
}

TEST_CASE("What PBT may change must be there, and an interval shorter than the whole") {
  const auto made = [](const std::string& options, const SearchContext& context) {
    return make_controller("type: pbt" + options, context);
  };
  CHECK_THROWS_WITH(made(", explore: [rat]", kContext), ContainsSubstring("controller.explore") &&
                                                            ContainsSubstring("'rat'") &&
                                                            ContainsSubstring("layers, rate"));
  CHECK_THROWS_WITH(made(", interval: 12, explore: [rate]", kContext),
                    ContainsSubstring("controller.interval") && ContainsSubstring("12"));
}

}  // namespace
}  // namespace nas

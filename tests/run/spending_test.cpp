#include "nas/run/spending.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

Trial trial_with(Budget budget, TrialState state = TrialState::complete) {
  Trial trial;
  trial.budget = budget;
  trial.state = state;
  return trial;
}

TEST_CASE("A promoted trial spends only what it adds") {
  Spending spending(9, 1);
  spending.proposed(trial_with(3), 0);
  spending.proposed(trial_with(8.9), 3);
  CHECK(spending.left());
  spending.proposed(trial_with(0.1), 0);
  CHECK_FALSE(spending.left());
}

TEST_CASE("A trial without a budget spends the evaluator's own, and one that failed all of its") {
  Spending spending(16, 8);
  const Trial failed = trial_with(0, TrialState::failed);
  spending.proposed(failed, 0);
  spending.told(failed, 0, {});
  CHECK(spending.left());
  Trial supernet;
  supernet.job = Job::supernet;
  spending.proposed(supernet, 0);
  CHECK(spending.left());
  spending.proposed(failed, 0);
  CHECK_FALSE(spending.left());
}

TEST_CASE("What a stopped trial did not come to is given back") {
  Spending spending(10, 1);
  const Trial stopped = trial_with(9, TrialState::stopped);
  spending.proposed(stopped, 3);
  spending.proposed(trial_with(4), 0);
  CHECK_FALSE(spending.left());
  spending.told(stopped, 3, {{4, {}}, {5, {}}});  // 2 of its 6
  CHECK(spending.left());
  spending.proposed(trial_with(4), 0);
  CHECK_FALSE(spending.left());
}

TEST_CASE("Without a total there is always something left") {
  Spending spending(0, 1);
  spending.proposed(trial_with(1e300), 0);
  CHECK(spending.left());
}

}  // namespace
}  // namespace nas

#include "nas/plan/execution.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Only what outputs need runs, and zeros are not added") {
  NetworkPlan plan;
  plan.nodes = {{Input{}, {}, "input"},     {Relu{}, {0}, "relu"},     {Zero{}, {0}, "zero"},
                {Identity{}, {2}, "zeros"}, {Add{}, {1, 3, 1}, "sum"}, {Relu{}, {4}, "dead end"},
                {Add{}, {2, 3}, "no sum"}};
  plan.outputs = {4};
  const auto steps = execution_steps(plan, {4});
  REQUIRE(steps.size() == 3);
  CHECK(steps[0].node == 0);
  CHECK(steps[1].node == 1);
  CHECK(steps[2].node == 4);
  CHECK(steps[2].inputs == std::vector<int64_t>{1, 1});
  CHECK_FALSE(gives_zeros(plan));
  // A sum of zeros alone keeps one of them.
  const auto zeros = execution_steps(plan, {6});
  REQUIRE(zeros.size() == 3);
  CHECK(zeros[1].node == 2);
  CHECK(zeros[2].inputs == std::vector<int64_t>{2});
  plan.outputs = {6};
  CHECK(gives_zeros(plan));
}

}  // namespace
}  // namespace nas

#include "nas/evaluate/complete_score.hpp"

#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Metrics without an objective are no score, and those that came are named") {
  const Objectives objectives{{"loss", Goal::minimize}, {"cost", Goal::minimize}};
  CHECK_FALSE(lacking_objective(objectives, {{"loss", 1}, {"cost", 2}, {"other", 3}}));
  CHECK(lacking_objective(objectives, {{"loss", 1}, {"other", 3}}) ==
        "no metric 'cost', which is an objective, among loss, other");
}

}  // namespace
}  // namespace nas

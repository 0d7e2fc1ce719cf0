#include "controllers/bohb.hpp"

#include <algorithm>
#include <vector>

#include "tests/controllers/support.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using testing::make_controller;
using testing::PlainSpace;

const PlainSpace kPlane({{"x", RealInterval{0, 1}, std::nullopt},
                         {"y", RealInterval{0, 1}, std::nullopt}});
const Objectives kObjectives{{"loss", Goal::minimize}};

/// Least at (0.3, 0.8); the strip of the least y fails.
Metrics score_of(const Point& point) {
  const double x = std::get<double>(point.values[0]) - 0.3;
  const double y = std::get<double>(point.values[1]) - 0.8;
  return y < -0.7 ? Metrics{} : Metrics{{"loss", x * x + y * y}};
}

std::vector<Trial> search(const std::string& config, uint64_t seed) {
  const SearchContext context{kPlane, kObjectives, seed};
  const auto controller = make_controller(config, context);
  return testing::search(*controller, 200, 4, score_of);
}

/// Median loss of the points that were started after the first hundred trials.
double late_loss(const std::vector<Trial>& trials) {
  std::vector<double> losses;
  for (size_t n = 100; n < trials.size(); ++n) {
    const auto loss = trials[n].metrics.find("loss");
    if (!trials[n].continues) losses.push_back(loss == trials[n].metrics.end() ? 1 : loss->second);
  }
  std::sort(losses.begin(), losses.end());
  return losses[losses.size() / 2];
}

TEST_CASE("BOHB proposes points where results were good, in the brackets of hyperband") {
  for (const uint64_t seed : {1, 2, 3}) {
    const auto informed = search("type: bohb, max_budget: 9, random_fraction: 0", seed);
    const auto uniform = search("type: hyperband, max_budget: 9", seed);
    REQUIRE(informed.size() == uniform.size());
    CHECK(late_loss(informed) < late_loss(uniform) / 3);
    for (size_t n = 0; n < informed.size(); ++n) {
      CHECK(informed[n].budget == uniform[n].budget);
    }
  }
}

TEST_CASE("The part of BOHB's points that random_fraction says learns nothing") {
  const auto trials = search("type: bohb, max_budget: 9, random_fraction: 1", 5);
  CHECK(late_loss(trials) > late_loss(search("type: bohb, max_budget: 9", 5)));
}

}  // namespace
}  // namespace nas

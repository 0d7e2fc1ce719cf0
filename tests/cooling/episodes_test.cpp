#include "nas/cooling/episodes.hpp"

#include <algorithm>

#include "nas/cooling/scenario.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr int64_t kHalls = 4;

std::vector<float> seen_by(const Episodes& episodes) {
  std::vector<float> seen(kHalls * kObservations);
  episodes.observe(seen);
  return seen;
}

}  // namespace

TEST_CASE("episodes are a function of seed and round, and breaches are told", "[cooling]") {
  const std::vector<std::string> sites{"seattle"};
  const Traces traces = read_traces({}, sites);
  const auto weeks = weeks_of({sites, 0, 2}, traces);
  Episodes episodes(Hall(), traces, weeks, {kHalls, 12, .3, 7});
  Episodes others(Hall(), traces, weeks, {kHalls, 12, .3, 7});
  others.begin(1);
  episodes.begin(0);
  REQUIRE(seen_by(episodes) != seen_by(others));
  others.begin(0);
  REQUIRE(seen_by(episodes) == seen_by(others));
  // Plenty of cool air keeps the range; warm and scarce air does not.
  const std::vector<float> mild(kHalls * kLevers, -.2F);
  std::vector<float> hot(kHalls * kLevers, 1);
  for (size_t i = 3; i < hot.size(); i += kLevers) hot[i] = -1;
  for (int i = 0; i < 6; ++i) {
    episodes.step(mild);
    others.step(hot);
  }
  REQUIRE(*std::max_element(episodes.breaches().begin(), episodes.breaches().end()) == 0);
  REQUIRE(*std::min_element(others.breaches().begin(), others.breaches().end()) > .5);
  REQUIRE(episodes.costs()[0] > .03);
  REQUIRE(episodes.costs()[0] < .5);
}

TEST_CASE("actions are levers over their whole range", "[cooling]") {
  const Simulator simulator(Hall(), 1);
  const Forcing forcing{{20}, {12}, {.5}};
  Levers levers = conventional_levers(1);
  const std::vector<float> low(kLevers, -5);
  set_levers({simulator, forcing, 0}, low, levers);
  REQUIRE(levers[0][0] == 17);
  REQUIRE(levers[2][0] == Approx(13.5));  // 1.5 K over the wet bulb
  const std::vector<float> high(kLevers, 1);
  set_levers({simulator, forcing, 0}, high, levers);
  REQUIRE(levers[3][0] == 1);
  REQUIRE(levers[2][0] == Approx(23.5));
}

}  // namespace nas

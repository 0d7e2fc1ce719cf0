#include "nas/cooling/assessment.hpp"
#include "nas/cooling/fixed_set_points.hpp"
#include "nas/cooling/predictive.hpp"
#include "nas/cooling/scenario.hpp"
#include "nas/cooling/trim_respond.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

Traces traces() {
  const std::vector<std::string> sites{"tucson"};
  return read_traces({}, sites);
}

/// Two days, of winter and of summer.
std::vector<TimeWindow> days() {
  return {{0, 2 * kStepsPerWeek, 2 * 24 * kStepsPerHour},
          {0, 28 * kStepsPerWeek, 2 * 24 * kStepsPerHour}};
}

}  // namespace

TEST_CASE("a set point is trimmed without requests and responds to them", "[cooling]") {
  constexpr TrimAndRespond kReset{18, 25, .1, -.3, -.9};
  REQUIRE(kReset.next(20, 0) == Approx(20.1));
  REQUIRE(kReset.next(20, 1) == Approx(19.8));
  REQUIRE(kReset.next(20, 2) == Approx(19.5));
  REQUIRE(kReset.next(20, 9) == Approx(19.2));
  REQUIRE(kReset.next(25, 0) == 25);
  REQUIRE(kReset.next(18.1, 3) == 18);
  constexpr TrimAndRespond kIgnoring{18, 25, .1, -.3, -.9, 1};
  REQUIRE(kIgnoring.next(20, 1) == Approx(20.1));
}

TEST_CASE("each better controller takes less energy, and none leaves the range", "[cooling]") {
  const Traces year = traces();
  const auto windows = days();
  FixedSetPoints fixed;
  TrimRespond trim_respond;
  PredictiveControl predictive(Hall(), year, windows, {});
  const Assessment by_fixed = assess(Hall(), year, windows, fixed);
  const Assessment by_trim = assess(Hall(), year, windows, trim_respond);
  const Assessment by_model = assess(Hall(), year, windows, predictive);
  REQUIRE(by_fixed.minutes_outside == 0);
  REQUIRE(by_trim.minutes_outside == 0);
  REQUIRE(by_model.minutes_outside == 0);
  REQUIRE(by_trim.cooling_energy() < .9 * by_fixed.cooling_energy());
  REQUIRE(by_model.cooling_energy() < .97 * by_trim.cooling_energy());
  REQUIRE(by_fixed.hours == Approx(2 * (2 * 24 - 1)));
  REQUIRE(saving(60, 80) == 25);
}

}  // namespace nas

#include "nas/cooling/simulator.hpp"

#include <cmath>

#include "nas/cooling/cooling_controller.hpp"
#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Environments under weather, load and levers that jump about.
struct Restless {
  explicit Restless(int64_t environments)
      : levers(conventional_levers(environments)), count(static_cast<size_t>(environments)) {}

  void next(int64_t step) {
    RandomStream random(3, "restless", static_cast<uint64_t>(step));
    forcing = {};
    for (size_t i = 0; i < count; ++i) {
      forcing.dry_bulb.push_back(-10 + 50 * random.uniform());
      forcing.wet_bulb.push_back(forcing.dry_bulb.back() - 10 * random.uniform());
      forcing.load.push_back(random.uniform());
      for (size_t k = 0; k < kLevers; ++k) {
        const auto [low, high] = kLeverRanges[k];
        levers[k][i] = low + (high - low) * random.uniform();
      }
    }
  }

  Forcing forcing;
  Levers levers;
  size_t count;
};

double entered(const Simulator& simulator, size_t i) {
  double joules = -simulator.rejected()[i];
  for (const auto consumer : {Consumer::servers, Consumer::server_fans, Consumer::room_fans,
                              Consumer::chiller, Consumer::pumps}) {
    joules += simulator.energy(consumer)[i];  // the tower's fan stands outdoors
  }
  return joules;
}

}  // namespace

TEST_CASE("energy is conserved over a day of every environment", "[cooling]") {
  constexpr int64_t kEnvironments = 5;
  Simulator simulator(Hall(), kEnvironments);
  Restless world(kEnvironments);
  std::vector<double> before;
  std::vector<double> came(kEnvironments);
  double passed = 0;
  for (int64_t i = 0; i < kEnvironments; ++i) before.push_back(simulator.stored(i));
  for (int64_t step = 0; step < 24 * kStepsPerHour; ++step) {
    world.next(step);
    simulator.step(world.forcing, world.levers);
    for (size_t i = 0; i < came.size(); ++i) came[i] += entered(simulator, i);
    passed += simulator.energy(Consumer::servers)[0];
  }
  for (int64_t i = 0; i < kEnvironments; ++i) {
    const auto at = static_cast<size_t>(i);
    const double change = simulator.stored(i) - before[at];
    REQUIRE(std::isfinite(change));
    REQUIRE(std::abs(change - came[at]) < 1e-9 * passed);
  }
}

TEST_CASE("an environment does not feel those beside it", "[cooling]") {
  Simulator many(Hall(), 3);
  Simulator one(Hall(), 1);
  Restless world(3);
  for (int64_t step = 0; step < 30; ++step) {
    world.next(step);
    many.step(world.forcing, world.levers);
    Levers levers = conventional_levers(1);
    for (size_t k = 0; k < kLevers; ++k) levers[k][0] = world.levers[k][2];
    one.step({{world.forcing.dry_bulb[2]}, {world.forcing.wet_bulb[2]}, {world.forcing.load[2]}},
             levers);
  }
  REQUIRE(one.reading(Reading::hot_aisle)[0] == many.reading(Reading::hot_aisle)[2]);
  REQUIRE(one.stored(0) == many.stored(2));
}

TEST_CASE("a copied environment goes on as its original does", "[cooling]") {
  Simulator simulator(Hall(), 2);
  Restless world(2);
  world.next(0);
  simulator.step(world.forcing, world.levers);
  Simulator other(Hall(), 1);
  other.copy(0, simulator, 1);
  Levers levers = conventional_levers(2);
  simulator.step(world.forcing, levers);
  levers = conventional_levers(1);
  other.step({{world.forcing.dry_bulb[1]}, {world.forcing.wet_bulb[1]}, {world.forcing.load[1]}},
             levers);
  REQUIRE(other.stored(0) == simulator.stored(1));
  REQUIRE(other.energy(Consumer::chiller)[0] == simulator.energy(Consumer::chiller)[1]);
}

TEST_CASE("heat outdoors costs energy and cold saves the chiller", "[cooling]") {
  Simulator simulator(Hall(), 3);
  const Levers levers = conventional_levers(3);
  const Forcing forcing{{-5, 20, 38}, {-6, 15, 26}, {.5, .5, .5}};
  for (int i = 0; i < 60; ++i) simulator.step(forcing, levers);
  const auto power = simulator.energy(Consumer::chiller);
  REQUIRE(power[0] <= power[1]);
  REQUIRE(power[1] < power[2]);
  Levers economising = levers;
  economising[static_cast<size_t>(Lever::condenser_water)].assign(3, 8);
  economising[static_cast<size_t>(Lever::chilled_water)].assign(3, 12);
  for (int i = 0; i < 60; ++i) simulator.step(forcing, economising);
  REQUIRE(simulator.energy(Consumer::chiller)[0] == Approx(0).margin(1));
  REQUIRE(simulator.energy(Consumer::chiller)[2] > 1e6);
}

TEST_CASE("too little air brings the hot aisle around to the racks", "[cooling]") {
  Simulator simulator(Hall(), 2);
  Levers levers = conventional_levers(2);
  levers[static_cast<size_t>(Lever::room_fans)] = {.8, .35};
  const Forcing forcing{{20, 20}, {15, 15}, {.7, .7}};
  for (int i = 0; i < 24; ++i) simulator.step(forcing, levers);
  const auto hottest = simulator.reading(Reading::hottest_inlet);
  REQUIRE(hottest[0] < 22);
  REQUIRE(hottest[1] > 27);
  REQUIRE(simulator.reading(Reading::minutes_outside)[0] == 0);
  REQUIRE(simulator.reading(Reading::minutes_outside)[1] == 5);
  REQUIRE(simulator.energy(Consumer::room_fans)[1] < simulator.energy(Consumer::room_fans)[0]);
}

}  // namespace nas

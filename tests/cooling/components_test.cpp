#include <array>

#include "nas/cooling/chiller.hpp"
#include "nas/cooling/cooling_tower.hpp"
#include "nas/cooling/fan.hpp"
#include "nas/cooling/server.hpp"
#include "nas/cooling/water_side.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("the water-cooled chiller gives the values worked out by hand", "[cooling]") {
  struct Row {
    double condenser, capacity, power, power_at_10;
  };
  // 100 kW, load 60 kW, leaving water of 6.667 C; the last column of 10 C.
  constexpr std::array<Row, 5> kRows{{{15, 119795, 9495, 8807},
                                      {20, 112247, 10060, 9146},
                                      {25, 103411, 10793, 9602},
                                      {29.44, 94484, 11625, 10125},
                                      {35, 81872, 12992, 10974}}};
  const Chiller chiller = water_cooled_chiller(100e3);
  for (const auto& row : kRows) {
    const double capacity = chiller_capacity(chiller, row.condenser, 6.667);
    REQUIRE(capacity == Approx(row.capacity).margin(1));
    REQUIRE(chiller_power(chiller, capacity, 60e3) == Approx(row.power).margin(1));
    const double warmer = chiller_capacity(chiller, row.condenser, 10);
    REQUIRE(chiller_power(chiller, warmer, 60e3) == Approx(row.power_at_10).margin(1));
  }
}

TEST_CASE("a chiller takes nothing at no load and cycles below its least", "[cooling]") {
  const Chiller chiller = water_cooled_chiller(100e3);
  const double capacity = chiller_capacity(chiller, 25, 7);
  REQUIRE(chiller_power(chiller, capacity, 0) == 0);
  const double least = .15 * capacity;
  REQUIRE(chiller_power(chiller, capacity, least / 2) ==
          Approx(chiller_power(chiller, capacity, least) / 2));
}

TEST_CASE("a tower's approach falls with more air and with a smaller range", "[cooling]") {
  // The sum of the 27 terms at a wet bulb of 20 C, a range of 5 K and design flows.
  REQUIRE(tower_approach(20, 5, 1) == Approx(4.64415).margin(1e-5));
  // EnergyPlus' design point has an approach of 3.9 K.
  REQUIRE(tower_approach(25.56, 5.56, 1) == Approx(3.9).margin(.1));
  REQUIRE(tower_approach(20, 5, .7) < tower_approach(20, 5, 1));
  REQUIRE(tower_approach(20, 3, 1) < tower_approach(20, 5, 1));
  REQUIRE(tower_approach(5, 5, 1) > tower_approach(20, 5, 1));
}

TEST_CASE("fans take all of their power at full flow and less and less below", "[cooling]") {
  REQUIRE(fan_power(8.5, 486, .7) == Approx(5901.4).margin(.1));
  REQUIRE(room_fan_share(1) == Approx(1).margin(.005));
  REQUIRE(tower_fan_share(1) == Approx(1).margin(1e-3));
  for (double x = .2; x < 1; x += .1) {
    REQUIRE(room_fan_share(x) < room_fan_share(x + .1));
    REQUIRE(tower_fan_share(x) < tower_fan_share(x + .1));
  }
  REQUIRE(room_fan_share(.5) == Approx(.29022).margin(1e-4));
}

TEST_CASE("servers take power by load and their fans by the cube of speed", "[cooling]") {
  const Rack rack;
  REQUIRE(server_power(rack, 0) == rack.idle_power);
  REQUIRE(server_power(rack, .5) == (rack.idle_power + rack.full_power) / 2);
  REQUIRE(server_fan_power(rack, .5) == rack.fan_power / 8);
  REQUIRE(server_fan_speed(rack, .5, 18) == server_fan_speed(rack, .5, 22));
  REQUIRE(server_fan_speed(rack, .5, 27) > server_fan_speed(rack, .5, 22));
  REQUIRE(server_fan_speed(rack, 1, 60) == 1);
  const double rise = server_fan_power(rack, server_fan_speed(rack, .5, 27)) -
                      server_fan_power(rack, server_fan_speed(rack, .5, 22));
  REQUIRE(rise / server_power(rack, .5) == Approx(.03).margin(.01));
}

TEST_CASE("the economiser takes all where the tower's water is cold enough and none where warm",
          "[cooling]") {
  REQUIRE(economiser_share(.85, 18, 30, 6) == 0);
  REQUIRE(economiser_share(.85, 18, 5, 6) == 1);
  REQUIRE(economiser_share(.85, 18, 15, 6) == Approx(.425));
  REQUIRE(coolest_air(.75, 35, 7) == 14);
  REQUIRE(coolest_air(.75, 5, 7) == 5);
  REQUIRE(pump_power(1000, 1) == 1000);
  REQUIRE(pump_power(1000, .1) == pump_power(1000, .2));
}

}  // namespace nas

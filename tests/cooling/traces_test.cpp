#include "nas/cooling/traces.hpp"

#include <string>

#include "nas/cooling/load_trace.hpp"
#include "nas/cooling/scenario.hpp"
#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const std::string kHead = "LOCATION,Nowhere,XX,YYY\n2\n3\n4\n5\n6\n7\n8\n";

std::string hour(const std::string& dry, const std::string& humidity) {
  std::string line = "2006,1,1,1,0,," + dry + ",0," + humidity + ",101325";
  for (int i = 10; i < 35; ++i) line += ",0";
  return line + "\n";
}

std::string repeated(const std::string& line, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) text += line;
  return text;
}

}  // namespace

TEST_CASE("a year of EPW is read and its wet bulb worked out", "[cooling]") {
  const Weather weather = read_epw(kHead + repeated(hour("20", "50"), 8760), "w.epw");
  REQUIRE(weather.site == "Nowhere");
  REQUIRE(weather.dry_bulb.size() == 8760);
  REQUIRE(weather.dry_bulb[17] == 20);
  REQUIRE(weather.wet_bulb[17] == Approx(13.7).margin(.2));
}

TEST_CASE("malformed weather is refused with its place", "[cooling]") {
  const auto year = [](const std::string& one) {
    return kHead + hour("20", "50") + one + repeated(hour("20", "50"), 8758);
  };
  REQUIRE_THROWS_WITH(read_epw("PLACE,x\n", "w.epw"), ContainsSubstring("LOCATION"));
  REQUIRE_THROWS_WITH(read_epw("LOCATION,x\n1\n", "w.epw"), ContainsSubstring("header"));
  REQUIRE_THROWS_WITH(read_epw(year(hour("warm", "50")), "w.epw"),
                      ContainsSubstring("w.epw:10:") && ContainsSubstring("'warm'"));
  REQUIRE_THROWS_WITH(read_epw(year(hour("99.9", "50")), "w.epw"), ContainsSubstring("dry bulb"));
  REQUIRE_THROWS_WITH(read_epw(year(hour("20", "999")), "w.epw"), ContainsSubstring("humidity"));
  REQUIRE_THROWS_WITH(read_epw(year("1,2,3\n"), "w.epw"), ContainsSubstring("3 fields"));
  REQUIRE_THROWS_WITH(read_epw(kHead + hour("20", "50"), "w.epw"), ContainsSubstring("1 hours"));
}

TEST_CASE("load is read from its column and checked", "[cooling]") {
  const auto load = read_load_trace("x,cpu_load\n" + repeated("1,.25\n", 8800), "l.csv");
  REQUIRE(load.size() == 8760);
  REQUIRE(load.front() == .25);
  REQUIRE_THROWS_WITH(read_load_trace("x,load\n", "l.csv"), ContainsSubstring("cpu_load"));
  REQUIRE_THROWS_WITH(read_load_trace("cpu_load\n.5\n1.5\n", "l.csv"),
                      ContainsSubstring("l.csv:3") && ContainsSubstring("1.5"));
  REQUIRE_THROWS_WITH(read_load_trace("x,cpu_load\n3\n", "l.csv"), ContainsSubstring("''"));
  REQUIRE_THROWS_WITH(read_load_trace("cpu_load\n.5\n", "l.csv"), ContainsSubstring("1 hours"));
}

TEST_CASE("every site of the program has a plausible year", "[cooling]") {
  const auto sites = embedded_sites();
  REQUIRE(sites.size() == 6);
  const Traces traces = read_traces({}, sites);
  for (const auto& weather : traces.sites) {
    for (size_t i = 0; i < weather.dry_bulb.size(); ++i) {
      REQUIRE(weather.wet_bulb[i] <= weather.dry_bulb[i] + 1e-6);
    }
  }
  const std::vector<std::string> unknown{"atlantis"};
  REQUIRE_THROWS_WITH(read_traces({}, unknown), ContainsSubstring("tucson"));
}

TEST_CASE("forcing is linear between hours and the year is a ring", "[cooling]") {
  Traces traces;
  traces.names = {"here"};
  traces.sites.resize(1);
  traces.sites[0].dry_bulb.assign(kHoursOfYear, 10);
  traces.sites[0].dry_bulb[0] = 22;
  traces.sites[0].wet_bulb.assign(kHoursOfYear, 5);
  traces.load.assign(kHoursOfYear, .5);
  const std::vector<TimeWindow> windows{{0, 0, 10}, {0, (kHoursOfYear - 1) * kStepsPerHour, 10}};
  Forcing forcing;
  forcing_at(traces, windows, 3, forcing);
  REQUIRE(forcing.dry_bulb[0] == Approx(19));
  REQUIRE(forcing.dry_bulb[1] == Approx(13));
  REQUIRE(forcing.load[1] == .5);
}

TEST_CASE("weeks are taken at every site and none is shared by two scenarios", "[cooling]") {
  Traces traces;
  traces.names = {"a", "b"};
  const auto windows = weeks_of({{"b", "a"}, 1, 4}, traces);
  REQUIRE(windows.size() == 26);
  REQUIRE(windows[0].site == 1);
  REQUIRE(windows[1].first - windows[0].first == 4 * kStepsPerWeek);
  REQUIRE(windows.back().first + windows.back().steps <= kHoursOfYear * kStepsPerHour);
  REQUIRE_THROWS_AS(weeks_of({{"c"}, 0, 1}, traces), InputError);
}

}  // namespace nas

#include "nas/hardware/rapl.hpp"

#include <fstream>
#include <string>

#include "nas/core/error.hpp"
#include "tests/support/catch.hpp"
#include "tests/support/scratch.hpp"

namespace nas {
namespace {

/// A folder like /sys/class/powercap.
class FakePowercap {
 public:
  void zone(const std::string& folder, const std::string& name, int64_t range, int64_t energy) {
    std::filesystem::create_directory(scratch_ / folder);
    write(folder, "name", name);
    write(folder, "max_energy_range_uj", std::to_string(range));
    set(folder, energy);
  }
  void set(const std::string& folder, int64_t energy) {
    write(folder, "energy_uj", std::to_string(energy));
  }
  const std::filesystem::path& path() const { return scratch_.path(); }

 private:
  void write(const std::string& folder, const std::string& file, const std::string& text) {
    std::ofstream(scratch_ / folder / file) << text << "\n";
  }

  Scratch scratch_;
};

TEST_CASE("Energy is the sum of packages and memories, without their parts and the whole machine") {
  FakePowercap powercap;
  powercap.zone("intel-rapl:0", "package-0", 262'143'328'850, 1'000'000);
  powercap.zone("intel-rapl:0:0", "core", 262'143'328'850, 0);
  powercap.zone("intel-rapl:0:1", "dram", 65'712'999'613, 5'000'000);
  powercap.zone("intel-rapl:1", "psys", 262'143'328'850, 0);
  powercap.zone("intel-rapl:2", "package-1", 262'143'328'850, 7);
  const auto counter = make_rapl_counter(powercap.path());
  CHECK(counter->joules() == 0);
  powercap.set("intel-rapl:0", 3'500'000);
  powercap.set("intel-rapl:0:0", 900'000'000);
  powercap.set("intel-rapl:0:1", 5'250'000);
  powercap.set("intel-rapl:1", 900'000'000);
  powercap.set("intel-rapl:2", 1'000'007);
  CHECK(counter->joules() == Approx(2.5 + 0.25 + 1).epsilon(1e-12));
}

TEST_CASE("A counter that wraps around goes on, also a second time") {
  FakePowercap powercap;
  powercap.zone("intel-rapl:0", "package-0", 1'000'000, 999'000);
  const auto counter = make_rapl_counter(powercap.path());
  powercap.set("intel-rapl:0", 500);
  CHECK(counter->joules() == Approx(1500e-6).epsilon(1e-12));
  powercap.set("intel-rapl:0", 900'000);
  CHECK(counter->joules() == Approx(1500e-6 + 899'500e-6).epsilon(1e-12));
  powercap.set("intel-rapl:0", 100'000);
  CHECK(counter->joules() == Approx(1.101).epsilon(1e-12));
}

TEST_CASE("Where no counter can be read it is told what was looked for") {
  FakePowercap powercap;
  powercap.zone("intel-rapl:0", "psys", 1000, 0);
  CHECK_THROWS_AS(make_rapl_counter(powercap.path()), UsageError);
  CHECK_THROWS_WITH(make_rapl_counter(powercap.path()),
                    ContainsSubstring(powercap.path().string() + "/intel-rapl:*/energy_uj"));
  CHECK_THROWS_AS(make_rapl_counter(powercap.path() / "none"), UsageError);
}

TEST_CASE("A counter that goes away ends the run by name") {
  FakePowercap powercap;
  powercap.zone("intel-rapl:0", "package-0", 1000, 0);
  const auto counter = make_rapl_counter(powercap.path());
  std::filesystem::remove(powercap.path() / "intel-rapl:0" / "energy_uj");
  CHECK_THROWS_AS(counter->joules(), RunError);
}

}  // namespace
}  // namespace nas

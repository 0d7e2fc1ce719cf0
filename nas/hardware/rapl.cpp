#include "nas/hardware/rapl.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr double kJoulesPerCount = 1e-6;

template <class T>
std::optional<T> content(const std::filesystem::path& path) {
  std::ifstream file(path);
  T value{};
  if (file >> value) return value;
  return std::nullopt;
}

/// One counter of microjoules.
struct Zone {
  std::filesystem::path counter;
  int64_t range = 0;  // the largest value; 0 follows it
  int64_t last = 0;
};

/// Cores and graphics are parts of a package, psys is all of the machine: neither is to be added.
bool counts(const std::string& name) { return name.starts_with("package-") || name == "dram"; }

std::vector<Zone> zones_below(const std::filesystem::path& folder) {
  std::vector<Zone> zones;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder, error)) {
    if (!entry.path().filename().string().starts_with("intel-rapl:")) continue;
    const auto name = content<std::string>(entry.path() / "name");
    const auto range = content<int64_t>(entry.path() / "max_energy_range_uj");
    const auto now = content<int64_t>(entry.path() / "energy_uj");
    if (!name || !counts(*name) || !range || !now) continue;
    zones.push_back({entry.path() / "energy_uj", *range, *now});
  }
  return zones;
}

class Rapl final : public EnergyCounter {
 public:
  explicit Rapl(std::vector<Zone> zones) : zones_(std::move(zones)) {}

  double joules() override {
    for (Zone& zone : zones_) {
      const auto now = content<int64_t>(zone.counter);
      if (!now) throw RunError(zone.counter.string() + ": can no longer be read");
      counted_ += *now - zone.last + (*now < zone.last ? zone.range : 0);
      zone.last = *now;
    }
    return static_cast<double>(counted_) * kJoulesPerCount;
  }

 private:
  std::vector<Zone> zones_;
  int64_t counted_ = 0;
};

}  // namespace

std::unique_ptr<EnergyCounter> make_rapl_counter(const std::filesystem::path& folder) {
  auto zones = zones_below(folder);
  if (zones.empty()) {
    throw UsageError(
        fmt::format("energy of the CPU: found no {}/intel-rapl:*/energy_uj of a package "
                    "that this user can read",
                    folder.string()));
  }
  return std::make_unique<Rapl>(std::move(zones));
}

}  // namespace nas

#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "nas/cooling/hall.hpp"
#include "nas/cooling/hall_step.hpp"

namespace nas {

/// Levers of many environments: [lever][environment].
using Levers = std::array<std::vector<double>, kLevers>;

/// The air outdoors and the racks' mean load, by environment.
struct Forcing {
  std::vector<double> dry_bulb;
  std::vector<double> wet_bulb;
  std::vector<double> load;
};

constexpr double kStepSeconds = 300;
constexpr int kSubsteps = 10;
constexpr int64_t kStepsPerHour = 12;

/// Many halls at once, as arrays over environments. Each step is ten explicit Euler steps of 30 s;
/// what leaves one store of heat enters another or is counted, so that energy balances to rounding.
class Simulator {
 public:
  Simulator(const Hall& hall, int64_t environments);

  int64_t environments() const { return environments_; }
  /// Every environment at 20 C of supply air and a hot aisle of 32 C.
  void reset();
  /// One control step of every environment. Levers are held within kLeverRanges.
  void step(const Forcing& forcing, const Levers& levers);

  std::span<const double> reading(Reading which) const {
    return readings_[static_cast<size_t>(which)];
  }
  /// Joules of the last step.
  std::span<const double> energy(Consumer which) const {
    return energy_[static_cast<size_t>(which)];
  }
  /// Joules of the last step that left: by the tower, and (negative: entered) by the walls.
  std::span<const double> rejected() const { return rejected_; }
  /// Joules stored in an environment's racks, hot aisle and basin, over those at 0 C.
  double stored(int64_t environment) const;

  /// This environment becomes as `from` is in `other`, of an equal hall.
  void copy(int64_t environment, const Simulator& other, int64_t from);

 private:
  Hall hall_;
  int64_t environments_;
  std::array<std::vector<double>, kHeatStores> stores_;  // C
  std::array<std::vector<double>, kRackGroups> inlets_;  // C, as the servers' fans know them
  std::array<std::vector<double>, kReadings> readings_;
  std::array<std::vector<double>, kConsumers> energy_;
  std::vector<double> rejected_;
};

}  // namespace nas

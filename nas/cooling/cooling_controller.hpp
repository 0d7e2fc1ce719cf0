#pragma once

#include <cstdint>

#include "nas/cooling/simulator.hpp"

namespace nas {

/// A moment at which levers are set: what sensors show, and weather and load until the next one.
struct Moment {
  const Simulator& simulator;
  const Forcing& forcing;
  int64_t step = 0;  // since the windows began
};

/// Sets the levers of many halls.
class CoolingController {
 public:
  virtual ~CoolingController() = default;
  /// `levers` holds those of the step before, at the first one conventional_levers().
  virtual void act(const Moment& moment, Levers& levers) = 0;
};

/// The set points of a conventionally run hall: 18 C of supply air, chilled water of 7 C, the
/// tower's of 22 C, fans at four fifths. They are the baseline `fixed`.
Levers conventional_levers(int64_t environments);

}  // namespace nas

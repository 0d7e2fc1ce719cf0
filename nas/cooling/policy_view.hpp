#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "nas/cooling/cooling_controller.hpp"

namespace nas {

/// What a learned controller sees of a hall: dry and wet bulb, load, hottest and coldest inlet, hot
/// aisle, water of the tower, coil use, and the levers as they are.
constexpr int64_t kObservations = 12;

/// An observation is shifted by its mean and divided by its deviation: fixed, rough values of a
/// hall in any weather.
struct Normal {
  float mean;
  float deviation;
};
extern const std::array<Normal, kObservations> kObservationScale;

/// Fills `values` [environments, kObservations], normalized.
void observe(const Moment& moment, const Levers& levers, std::span<float> values);

/// Turns `actions` [environments, kLevers] into levers: -1 to 1 is a lever's range, what is beyond
/// is held there. The tower's is told as how far its water stands over the wet bulb, 1.5 to 11.5 K.
void set_levers(const Moment& moment, std::span<const float> actions, Levers& levers);

}  // namespace nas

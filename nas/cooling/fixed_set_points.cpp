#include "nas/cooling/fixed_set_points.hpp"

namespace nas {

Levers conventional_levers(int64_t environments) {
  const auto count = static_cast<size_t>(environments);
  Levers levers;
  levers[static_cast<size_t>(Lever::supply_air)].assign(count, 18);
  levers[static_cast<size_t>(Lever::chilled_water)].assign(count, 7);
  levers[static_cast<size_t>(Lever::condenser_water)].assign(count, 22);
  levers[static_cast<size_t>(Lever::room_fans)].assign(count, .8);
  return levers;
}

void FixedSetPoints::act(const Moment& /*moment*/, Levers& /*levers*/) {}

}  // namespace nas

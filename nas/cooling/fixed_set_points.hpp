#pragma once

#include "nas/cooling/cooling_controller.hpp"

namespace nas {

/// Leaves every lever where it is.
class FixedSetPoints final : public CoolingController {
 public:
  void act(const Moment& moment, Levers& levers) override;
};

}  // namespace nas

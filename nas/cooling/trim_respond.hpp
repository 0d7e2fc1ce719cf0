#pragma once

#include "nas/cooling/cooling_controller.hpp"

namespace nas {

/// One reset by trim and respond (ASHRAE Guideline 36, 5.1.14): each step the set point is trimmed
/// towards what saves energy; where more requests come in than are ignored it responds by so much a
/// request.
struct TrimAndRespond {
  double low;
  double high;
  double trim;
  double respond;      // a request; of the other sign than trim
  double most;         // of a step's response
  double ignored = 0;  // requests

  double next(double set_point, double requests) const;
};

/// Trim and respond in a data hall. Supply air rises until the hottest inlet asks (one request from
/// 25.5 C on, a second at 26 and a third at 26.5); the room fans slow down until the hottest inlet
/// stands 3.5 K over the supply air, which shows that air comes around; chilled water rises until
/// coils use 95 percent of what they can. The tower is held 4 K over the wet bulb, its design
/// approach.
class TrimRespond final : public CoolingController {
 public:
  void act(const Moment& moment, Levers& levers) override;
};

}  // namespace nas

#pragma once

#include <span>
#include <string>

#include "nas/search/objective.hpp"

namespace nas {

/// The first objective over the second: every complete trial a dot with a tooltip, those that no
/// other one dominates (by all objectives) apart, with the front's hypervolume below.
/// `architectures` has a text by trial.
std::string draw_front_chart(std::span<const Trial> trials,
                             std::span<const std::string> architectures,
                             const Objectives& objectives);

}  // namespace nas

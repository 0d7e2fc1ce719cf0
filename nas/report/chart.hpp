#pragma once

#include <span>
#include <string>

#include "nas/search/objective.hpp"

namespace nas {

/// The first objective over the trials as standalone SVG: every score a dot with a tooltip, the
/// best so far a line.
std::string draw_score_chart(std::span<const Trial> trials, const Objective& objective);

}  // namespace nas

#pragma once

#include <span>
#include <string>

#include "nas/search/objective.hpp"

namespace nas {

/// One objective over the trials as standalone SVG: every score a dot with a tooltip, the best so
/// far a line, failed trials crosses at the foot.
std::string draw_score_chart(std::span<const Trial> trials, const Objective& objective);

}  // namespace nas

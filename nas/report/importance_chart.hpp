#pragma once

#include <string>

#include "nas/report/importance.hpp"

namespace nas {

/// The shares as bars, the most important first, pairs behind them; a sentence on how far to trust
/// them; and the partial dependence of the few choices that matter most, each a chart: the forest's
/// mean as a line or as dots, and a deviation of its trees to both sides.
std::string render_importance(const Choices& choices, const Importance& importance);

}  // namespace nas

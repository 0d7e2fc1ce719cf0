#pragma once

#include <span>
#include <string>

#include "nas/report/report_input.hpp"

namespace nas {

/// What the run found, in a sentence or two.
std::string render_summary(const ReportInput& input);

/// Failed trials by reason, the most frequent first; empty where none failed.
std::string render_failures(std::span<const Trial> trials);

}  // namespace nas

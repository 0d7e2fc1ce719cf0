#pragma once

#include <string>

#include "nas/report/report_input.hpp"

namespace nas {

/// Time of the trials by what they ended as, and the energy and money that its configuration lets
/// it estimate. Empty without trials.
std::string render_spending(const ReportInput& input);

}  // namespace nas

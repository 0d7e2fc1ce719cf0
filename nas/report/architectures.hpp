#pragma once

#include <string>

#include "nas/report/report_input.hpp"

namespace nas {

/// The best architectures as drawings with a legend of their operations, the first one open.
std::string render_architectures(const ReportInput& input);

}  // namespace nas

#pragma once

#include <string>

#include "nas/report/report_input.hpp"

namespace nas {

/// What pruning, int8 and export made of the best network: figures before and after, the error of
/// each int8 layer, the files. Empty where no such stage ran; damaged files are passed over.
std::string render_compression(const ReportInput& input);

}  // namespace nas

#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace nas {

/// Reads hourly processor load out of a CSV with a head line whose column `cpu_load` is 0 to 1; at
/// least a year of 8,760 hours, of which the first are taken. Throws InputError naming `file`, the
/// line, what was found and what was expected.
std::vector<double> read_load_trace(std::string_view text, const std::string& file);

}  // namespace nas

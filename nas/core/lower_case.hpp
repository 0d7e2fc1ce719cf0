#pragma once

#include <string>

namespace nas {

/// ASCII letters made small; other bytes stay.
std::string lower_case(std::string text);

}  // namespace nas

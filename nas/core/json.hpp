#pragma once

#include <nlohmann/json.hpp>

namespace nas {

/// JSON with keys in the order in which they were set.
using Json = nlohmann::ordered_json;

}  // namespace nas

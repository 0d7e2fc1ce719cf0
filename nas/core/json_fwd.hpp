#pragma once

#include <nlohmann/json_fwd.hpp>

namespace nas {
using Json = nlohmann::ordered_json;
}  // namespace nas

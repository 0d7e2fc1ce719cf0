#pragma once

#include <cstdint>
#include <string_view>

#include "nas/core/json.hpp"

namespace nas {

/// JSON from outside. Throws Json::parse_error for what is none, for numbers beyond a double, and
/// for lists and objects nested more than 200 deep: copying, comparing and writing them out
/// recurse, and would run out of stack.
Json parse_json(std::string_view text);

/// The same, discarded (Json::is_discarded) where Json's own function throws.
Json parse_json_or_discard(std::string_view text);

/// A whole number. Throws Json::type_error for anything else, where get<int64_t>() would turn 1e300
/// into any number. One over 2^63 keeps its bits, as seeds have them.
int64_t whole_number(const Json& json);

}  // namespace nas

#pragma once

#include <functional>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {

/// What a configuration may hold: an object from each key to its record, in the order of
/// description. A record has "kind" (boolean, integer, real, duration, text, texts, path, choice,
/// section, items, entries, scalars, text_lists, program) and "meaning"; a value also "default", or
/// "required" where there is none, and "low", "high", "unit" and "allowed" where there are limits
/// (durations in seconds). The keys of a section, of one item or of one entry stand under "keys";
/// those that only one type of component has stand under "types", an object from each type to its
/// keys. A component inside one of the same kind (a part of a product) has "same_as" instead, the
/// dotted path of the outer one.
///
/// `describe` runs once for each type of each component, so it must begin with fresh structs.
Json manual(const std::function<void(Section&)>& describe);

}  // namespace nas

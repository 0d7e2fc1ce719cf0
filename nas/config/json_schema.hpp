#pragma once

#include <string>

#include "nas/core/json.hpp"

namespace nas {

/// The JSON Schema (draft 7, what editors read) of the configurations whose records these are, as
/// `manual` gives them. It refuses unknown keys, texts and numbers of the wrong form or outside
/// their range and, of a component, the options of other types than the one chosen. A record may
/// have "meanings", an object from each type of a component to what it is. Numbers with a suffix
/// (32K, 2h) are texts to YAML; of these only the form is checked.
Json json_schema(const Json& records, const std::string& title);

}  // namespace nas

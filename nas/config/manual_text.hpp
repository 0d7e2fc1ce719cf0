#pragma once

#include <string>

#include "nas/core/json.hpp"

namespace nas {

/// The records of `manual` as Markdown: a chapter a section, a table of its keys with what each may
/// be, its default and its meaning; a component's types each with a table of their own. A record
/// may have "meanings", as for json_schema.
std::string manual_markdown(const Json& records);

}  // namespace nas

#pragma once

#include <string>
#include <string_view>

#include "nas/core/json_fwd.hpp"

namespace nas {

/// One cell of Space::drawing() ({"name", "nodes": [label], "edges": [{"from", "to", "label"}]}) as
/// standalone SVG, left to right, nodes as boxes and operations as coloured, labelled curves.
/// Colours follow the page's text colour, so that it reads on light and on dark.
std::string draw_cell_svg(const Json& cell);

/// The colour in which it draws an operation, as CSS.
std::string_view operation_colour(std::string_view label);

/// Text with what HTML and SVG give a meaning replaced.
std::string escape_markup(const std::string& text);

}  // namespace nas

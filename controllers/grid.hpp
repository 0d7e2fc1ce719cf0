#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct GridOptions {
  /// Per interval, ends included; the middle where there is one. Of an integer interval at most
  /// its numbers.
  int64_t points = 5;
};

void describe(Section& section, GridOptions& options);

/// Every point of a grid once, in lexicographic order: the last choice changes fastest. Intervals
/// are divided evenly, on the logarithmic scale where the choice says so.
std::unique_ptr<Controller> make_grid(const GridOptions& options, const SearchContext& context);

}  // namespace nas

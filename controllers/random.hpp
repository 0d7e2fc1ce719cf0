#pragma once

#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct RandomOptions {};

void describe(Section& section, RandomOptions& options);

/// Every point uniform over the choices, independent of all results; screened ones first, in order.
std::unique_ptr<Controller> make_random(const RandomOptions& options, const SearchContext& context);

}  // namespace nas

#pragma once

#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct SobolOptions {};

void describe(Section& section, SobolOptions& options);

/// The points of a scrambled Sobol' sequence (SobolSequence), one coordinate a choice, in order:
/// they fill the space more evenly than random ones, and are as independent of all results. An
/// option of a categorical owns an equal part of its coordinate, and so does a whole number;
/// coordinates of choices that are not active are passed over.
std::unique_ptr<Controller> make_sobol(const SobolOptions& options, const SearchContext& context);

}  // namespace nas

#pragma once

#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct SobolOptions {};

void describe(Section& section, SobolOptions& options);

/// The points of a scrambled Sobol' sequence (SobolPoints) in order: they fill the space more
/// evenly than random ones, and are as independent of all results.
std::unique_ptr<Controller> make_sobol(const SobolOptions& options, const SearchContext& context);

}  // namespace nas

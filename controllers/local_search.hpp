#pragma once

#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct LocalSearchOptions {};

void describe(Section& section, LocalSearchOptions& options);

/// First-improvement hill climbing (White et al. 2021, "Exploring the loss landscape in neural
/// architecture search"): the neighbours of a centre are tried in random order, the first better
/// one is the next centre; where there is none, a new start, random or the best of a screening. No
/// point is proposed twice: results that are known count at once. While results are outstanding,
/// starts are tried ahead of need.
std::unique_ptr<Controller> make_local_search(const LocalSearchOptions& options,
                                              const SearchContext& context);

}  // namespace nas

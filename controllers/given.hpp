#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct GivenOptions {
  /// In the space's text form.
  std::vector<std::string> architectures;
};

void describe(Section& section, GivenOptions& options);

/// These points, one after the other, and no others: for networks that are known already, which
/// the stages then train, shrink and export. Throws InputError where the space has no such point.
std::unique_ptr<Controller> make_given(const GivenOptions& options, const SearchContext& context);

}  // namespace nas

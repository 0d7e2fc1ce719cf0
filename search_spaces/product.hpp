#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "nas/config/component.hpp"
#include "nas/plan/network.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// Spaces by the names that the configuration gives them.
struct ProductOptions {
  std::vector<std::pair<std::string, Component<Space, TaskShape>>> parts;
};

void describe(Section& section, ProductOptions& options);

/// Points that choose in every part: the choices of `part` are named `part.choice`. At most one
/// part describes networks; its network, the weights that its points share, its shape and its
/// drawing are those of the product. Other parts do not bear on shared weights: these are trained
/// as the searcher that shares them says, whatever a point says of training. Text: one line of JSON
/// from each part's name to its text, a text that is JSON itself standing as it is: `{"arch":
/// "|none~0|...", "params": {"lr": 0.01}}`.
std::unique_ptr<Space> make_product(const ProductOptions& options, TaskShape task);

}  // namespace nas

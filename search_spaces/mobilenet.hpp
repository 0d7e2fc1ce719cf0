#pragma once

#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/mobilenet_options.hpp"

namespace nas {

/// Inverted residuals in stages (ProxylessNAS, Cai et al. 2019; once-for-all, Cai et al. 2020): the
/// depth of each stage, kernel and expansion of each block and, where the options list more than
/// one, the width and the input's resolution. Choices of a block depend on a depth that has it.
/// Options of every choice rise, and the weights of a smaller network have the names that they have
/// in a larger one, whose shapes are at least as large.
///
/// Text: the blocks of each stage, `k3e4,k3e3:k5e3,k5e3,k5e6:...`, behind `r160:` and `w0.75:`
/// where resolution and width are chosen.
std::unique_ptr<Space> make_mobilenet(const MobilenetOptions& options, TaskShape task);

}  // namespace nas

#pragma once

#include <cstdint>
#include <memory>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of the published search on CIFAR-10.
struct EnasMacroOptions {
  int64_t layers = 12;
  int64_t channels = 36;  // of the first third of a network; of the whole supernet
  TaskOptions task;
};

void describe(Section& section, EnasMacroOptions& options);

/// Whole networks (Pham et al. 2018, section 2.4): each layer does one of six operations on the
/// layer before it and takes in any of the earlier ones. After each third every output that is
/// still read is brought to half the size and twice the channels by a factorized reduction. A
/// network concatenates what a layer takes in and brings it back by a 1x1 convolution; the supernet
/// keeps its channels and adds, as in the published code. Text: its notation, layer by layer the
/// operation (0 conv_3x3, 1 sep_conv_3x3, 2 conv_5x5, 3 sep_conv_5x5, 4 avg_pool_3x3, 5
/// max_pool_3x3) and a bit for the stem and each layer before the last one: `0 3 0 0 1 0 ...`.
std::unique_ptr<Space> make_enas_macro(const EnasMacroOptions& options, TaskShape task);

}  // namespace nas

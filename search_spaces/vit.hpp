#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// Defaults are those of AutoFormer's tiny supernet, but for patches that suit small images.
struct VitOptions {
  /// Side of the square patches; divides height and width of the input.
  int64_t patch_size = 4;
  /// Channels of one head's queries, keys and values.
  int64_t head_size = 64;
  std::vector<int64_t> embeddings{192, 216, 240};
  std::vector<int64_t> depths{12, 13, 14};
  std::vector<int64_t> heads{3, 4};
  /// Hidden channels of a block's two linear layers by embedding channels, rounded down.
  std::vector<double> mlp_ratios{3.5, 4};
  TaskOptions task;
};

void describe(Section& section, VitOptions& options);

/// Vision transformers as in AutoFormer (Chen et al. 2021): one embedding dimension and one depth,
/// heads and MLP ratio for each block. Pre-norm blocks, learned absolute positions, and the mean
/// over the patches in place of a class token (its --gp); its relative positions are left out.
/// Text: `embed=192 heads=3,4,3 mlp=3.5,4,3.5`, a number for each block. A network's weights are
/// all in the largest one under the same names, no smaller there in any dimension; fewer heads are
/// the first ones. Throws ConfigError where the patches do not fit the input.
std::unique_ptr<Space> make_vit(const VitOptions& options, TaskShape task);

}  // namespace nas

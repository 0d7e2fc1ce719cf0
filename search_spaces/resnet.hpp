#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

struct ResnetOptions {
  enum class Block { basic, bottleneck };
  /// `automatic`: ImageNet's from 64x64 pixels on, else CIFAR's.
  enum class Stem { automatic, cifar, imagenet };

  Block block = Block::basic;
  Stem stem = Stem::automatic;
  /// Of the first stage at width 1; every further stage has twice as many.
  int64_t channels = 64;
  int64_t stages = 4;
  /// Blocks that a stage may have.
  std::vector<int64_t> depths{1, 2, 3, 4, 6};
  /// Shares of a stage's channels that it may have.
  std::vector<double> widths{0.5, 0.75, 1};
  TaskOptions task;
};

void describe(Section& section, ResnetOptions& options);

/// Residual networks (He et al. 2016) with a depth and a width for every stage. The stem is as wide
/// as the first stage. `2x64-2x128-2x256-2x512` is ResNet-18; with bottlenecks, four times as wide
/// at their ends, `3x64-4x128-6x256-3x512` is ResNet-50. Shortcuts that change the shape are 1x1
/// convolutions, the stride of a bottleneck is its 3x3 convolution's, and weights are named as in
/// torchvision. A network's weights are all in the largest one under the same names, no smaller
/// there in any dimension.
std::unique_ptr<Space> make_resnet(const ResnetOptions& options, TaskShape task);

}  // namespace nas

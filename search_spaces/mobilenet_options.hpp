#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

/// What follows the batch norms of a block.
enum class MobilenetActivation { relu, relu6, swish, hard_swish };

/// Blocks of one width; the first changes the number of channels and strides.
struct MobilenetStage {
  int64_t channels = 24;
  int64_t stride = 1;
  /// Blocks at most and at least.
  int64_t depth = 4;
  int64_t least_depth = 2;
  bool squeeze_excite = false;
  MobilenetActivation activation = MobilenetActivation::relu;
};

/// What the published spaces fix.
enum class MobilenetPreset {
  mobilenet_v3,  // of Cai et al. 2020: MobileNetV3's widths, h-swish and squeeze-excite
  proxyless      // of Cai et al. 2019: MobileNetV2's form with ReLU6
};

struct MobilenetOptions {
  MobilenetPreset preset = MobilenetPreset::mobilenet_v3;
  /// The first convolution, 3x3, and its channels.
  int64_t stem = 16;
  int64_t stem_stride = 2;
  MobilenetActivation stem_activation = MobilenetActivation::hard_swish;
  /// Channels of a block of kernel 3 without expansion that comes before all stages; 0: none.
  int64_t first = 16;
  MobilenetActivation first_activation = MobilenetActivation::relu;
  std::vector<MobilenetStage> stages;
  /// Channels of the 1x1 convolution before the pooling, and of the one after it; 0: none.
  int64_t head = 960;
  int64_t features = 1280;
  MobilenetActivation head_activation = MobilenetActivation::hard_swish;
  /// Layers that halve the map, at most; of more the earliest keep its size. -1: as many as leave
  /// a map of 4x4.
  int64_t halvings = -1;

  /// What is chosen, each from the smallest to the largest.
  std::vector<int64_t> kernels{3, 5, 7};
  std::vector<double> expansions{3, 4, 6};
  /// Factors of all channels. More than one: one of them is chosen.
  std::vector<double> widths{1};
  /// Heights and widths to which the input is brought. None: it stays as it is.
  std::vector<int64_t> resolutions;
  TaskOptions task;
};

/// The options that `preset` stands for.
MobilenetOptions mobilenet_preset(MobilenetPreset preset);

void describe(Section& section, MobilenetOptions& options);

}  // namespace nas

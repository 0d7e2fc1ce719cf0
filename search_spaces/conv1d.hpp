#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

struct Conv1dOptions {
  int64_t channels = 16;  // of the stem
  int64_t stages = 3;
  /// Blocks, channels and width of the windows in time (odd) that a stage may have.
  std::vector<int64_t> depths{1, 2};
  std::vector<int64_t> widths{16, 24, 32, 48, 64};
  std::vector<int64_t> kernels{3, 5, 7, 9};
  TaskOptions task;
};

void describe(Section& section, Conv1dOptions& options);

/// Residual convolutions along time (TC-ResNet, Choi et al. 2019) for sequences and audio features:
/// the input's height is the feature axis (mel bands), its width is time. The stem's windows span
/// all features and three steps; every stage halves the time by its first block. Text, stage by
/// stage: `1x24k9-1x32k9-1x48k9` (depth, width, kernel), which is TC-ResNet8. A network's weights
/// are all in the largest one under the same names, no smaller there in any dimension.
std::unique_ptr<Space> make_conv1d(const Conv1dOptions& options, TaskShape task);

}  // namespace nas

#pragma once

#include <cstdint>
#include <vector>

#include "nas/data/data_config.hpp"

namespace nas {

/// Examples as a network takes them, outside of LibTorch.
struct ExampleValues {
  std::vector<float> images;  // [examples, C, H, W], normalised
  std::vector<int64_t> labels;
};

enum class ExampleSplit { train, validation, test };

/// At most `most` examples (0: all), spread evenly over a split, normalised with `mean` and
/// `deviation` by channel.
ExampleValues example_values(const DataConfig& config, ExampleSplit split,
                             const std::vector<double>& mean, const std::vector<double>& deviation,
                             int64_t most);

}  // namespace nas

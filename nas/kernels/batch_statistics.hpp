#pragma once

#include <torch/types.h>

#include <cstdint>
#include <vector>

#include "nas/kernels/branch_sum.hpp"

namespace nas {

/// Sums over a batch, per channel.
struct ChannelSums {
  std::vector<double> first;   // of z, or of a gradient g
  std::vector<double> second;  // of z * z, or of g * z
};

/// Of [2][channels] in a row.
ChannelSums channel_sums(const std::vector<double>& sums);

/// What a batch norm does to one branch in one pass: y = weight * (z - mean) * inverse + bias.
struct BatchStatistics {
  std::vector<double> mean;
  std::vector<double> inverse;  // 1 / standard deviation
  std::vector<double> weight;   // ones where the norm has none
  std::vector<double> bias;     // zeros where the norm has none
  double count = 0;             // values a channel
};

/// The batch's own statistics (from the sums of z and z * z over `count` values a channel), taken
/// into the running ones in training; the running ones otherwise.
BatchStatistics batch_statistics(const NormWeights& norm, const ChannelSums& sums, double count,
                                 const NormPass& pass);

/// y = scale * z + shift; times `factor`.
struct ChannelMap {
  std::vector<double> scale;
  std::vector<double> shift;
};
ChannelMap normalization(const BatchStatistics& statistics, double factor);

/// The backward pass of y = factor * norm(z) in training, from the sums of g and g * z: the
/// gradient of z is a * g + b * z + c.
struct NormGradient {
  std::vector<double> a, b, c;
  std::vector<double> weight;  // gradient of the norm's weight
  std::vector<double> bias;
  double factor = 0;  // gradient of the factor
};
NormGradient norm_gradient(const BatchStatistics& statistics, const ChannelSums& sums,
                           double factor);
/// The same of y = factor * z.
NormGradient plain_gradient(const ChannelSums& sums, double factor);

}  // namespace nas

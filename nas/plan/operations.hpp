#pragma once

#include <cstdint>
#include <span>
#include <string_view>

#include "nas/plan/network.hpp"

namespace nas {

/// What an operation on an edge is built for.
struct OperationSetting {
  int64_t in_channels = 0;
  int64_t out_channels = 0;
  int64_t stride = 1;
  /// Supernets train without affine batch norms (Liu et al. 2019).
  bool affine = true;
  /// Of the convolution in relu_conv_bn().
  bool bias = false;
};

/// One operation of the cell spaces: a small network with one input and one output.
struct Operation {
  std::string_view name;
  std::string_view meaning;
  NetworkPlan (*build)(const OperationSetting&);
};

/// Every operation, as in the code published with DARTS and NAS-Bench-201. A new one is one row.
std::span<const Operation> operation_table();

/// Throws InputError naming the nearest operation.
const Operation& find_operation(std::string_view name);

/// ReLU, convolution, batch norm: the block that cells and their inputs are made of.
NetworkPlan relu_conv_bn(const OperationSetting& setting, int64_t kernel);

/// Halves height and width by two 1x1 convolutions of stride 2, the second shifted by a pixel.
NetworkPlan factorized_reduce(const OperationSetting& setting);

}  // namespace nas

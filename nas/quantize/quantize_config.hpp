#pragma once

#include <cstdint>

#include "nas/export/onnx.hpp"
#include "nas/quantize/ranges.hpp"

namespace nas {

class Section;

constexpr std::array<std::pair<std::string_view, ActivationType>, 2> kInt8Targets{
    {{"x86", ActivationType::uint8}, {"arm", ActivationType::int8}}};

/// `stages.quantize`, and the options of `nas export --int8`.
struct QuantizeConfig {
  RangeRule ranges = RangeRule::mse;
  /// Examples of the training split that ranges are taken from.
  int64_t samples = 512;
  /// Of the activations in ONNX.
  ActivationType target = ActivationType::uint8;
  /// Of the weights, 8 or 4, where the network's point does not say them by layer.
  int64_t weight_bits = kUsualBits;
  /// Scales of consecutive layers are evened out first (nas/quantize/equalisation.hpp).
  bool equalize = false;
};

void describe(Section& section, QuantizeConfig& config);

}  // namespace nas

#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "nas/plan/channel_coupling.hpp"

namespace nas {

/// Weights of 8 bits are -127 to 127, those of 4 bits -7 to 7.
constexpr int64_t kUsualBits = 8;

/// The largest whole number of a weight.
constexpr int64_t largest_of_bits(int64_t bits) { return (int64_t{1} << (bits - 1)) - 1; }

/// How much a network is made smaller before it is used: which shares of its channels are kept (He
/// et al. 2018, AMC) and how many bits its weights have (Wang et al. 2019, HAQ), by part.
struct Compression {
  /// A stage is all layers whose outputs have one number of positions, the largest first.
  enum class Per { stage, layer };
  Per per = Per::stage;
  /// By part, both of one length; the last numbers are those of all further parts, too.
  std::vector<double> keep;
  std::vector<int64_t> bits;
};

/// One line of JSON both ways: {"per": "stage", "keep": [1, 0.5], "bits": [8, 4]}. Throws
/// InputError saying what was expected.
std::string to_text(const Compression& compression);
Compression compression_from_text(std::string_view text);

/// Bits of layers' weights, by name of the layer, where these are not kUsualBits.
using WeightBits = std::map<std::string, int64_t>;
int64_t bits_of(const WeightBits& bits, const std::string& layer);

/// The same for all layers.
WeightBits uniform_bits(const NetworkPlan& plan, int64_t bits);

/// One line of JSON both ways: {"stem.conv": 4}. Throws InputError.
std::string to_text(const WeightBits& bits);
WeightBits weight_bits_from_text(std::string_view text);

/// A network as it will be: all but the choice of the channels that go, which its plan does not
/// depend on.
struct CompressedPlan {
  ChannelCoupling coupling;  // of the whole network
  /// By group of the coupling: how many of its units are kept; its first layer's part says it.
  std::vector<int64_t> kept;
  NetworkPlan plan;
  WeightBits bits;
};

CompressedPlan compressed_plan(const NetworkPlan& plan, const Shape& input,
                               const Compression& compression);

/// Bytes of the weights of convolutions and linear layers in whole numbers, each layer's rounded
/// up; biases and scales, nine bytes a channel, are not counted, nor is what outputs[0] does not
/// need.
int64_t weight_bytes(const NetworkPlan& plan, const WeightBits& bits);

}  // namespace nas

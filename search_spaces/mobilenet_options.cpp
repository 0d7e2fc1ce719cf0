#include "search_spaces/mobilenet_options.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"

namespace nas {
namespace {

constexpr int64_t kMostChannels = 1 << 16;

constexpr std::array kActivations{
    std::pair{std::string_view("relu"), MobilenetActivation::relu},
    std::pair{std::string_view("relu6"), MobilenetActivation::relu6},
    std::pair{std::string_view("swish"), MobilenetActivation::swish},
    std::pair{std::string_view("hard_swish"), MobilenetActivation::hard_swish}};

constexpr std::array kPresets{
    std::pair{std::string_view("mobilenet_v3"), MobilenetPreset::mobilenet_v3},
    std::pair{std::string_view("proxyless"), MobilenetPreset::proxyless}};

MobilenetOptions proxyless() {
  const auto stage = [](int64_t channels, int64_t stride) {
    return MobilenetStage{channels, stride, 4, 2, false, MobilenetActivation::relu6};
  };
  MobilenetOptions options;
  options.preset = MobilenetPreset::proxyless;
  options.stem = 32;
  options.stem_activation = options.first_activation = options.head_activation =
      MobilenetActivation::relu6;
  options.stages = {stage(24, 2), stage(40, 2),  stage(80, 2),
                    stage(96, 1), stage(192, 2), stage(320, 1)};
  options.stages.back().depth = options.stages.back().least_depth = 1;
  options.head = 1280;
  options.features = 0;
  return options;
}

MobilenetOptions mobilenet_v3() {
  constexpr auto kRelu = MobilenetActivation::relu;
  constexpr auto kHardSwish = MobilenetActivation::hard_swish;
  MobilenetOptions options;
  options.stages = {{24, 2, 4, 2, false, kRelu},
                    {40, 2, 4, 2, true, kRelu},
                    {80, 2, 4, 2, false, kHardSwish},
                    {112, 1, 4, 2, true, kHardSwish},
                    {160, 2, 4, 2, true, kHardSwish}};
  return options;
}

std::optional<int64_t> read_number(std::string_view text, const std::vector<int64_t>& /*list*/) {
  return parse_integer(text);
}
std::optional<double> read_number(std::string_view text, const std::vector<double>& /*list*/) {
  return parse_real(text);
}

/// A list of numbers that rises, each of a kind that `fits`.
template <class Number, class Fits>
void numbers(Section& section, std::string_view name, std::vector<Number>& values,
             std::string_view meaning, std::string_view expected, Fits fits) {
  std::vector<std::string> texts;
  texts.reserve(values.size());
  for (const Number value : values) texts.push_back(fmt::format("{}", value));
  section.texts(name, texts, meaning);
  std::vector<Number> read;
  for (const auto& text : texts) {
    const auto value = read_number(text, values);
    if (!value || !fits(*value)) {
      section.mistake(name, fmt::format("found '{}', expected {}", text, expected));
      return;
    }
    if (!read.empty() && *value <= read.back()) {
      section.mistake(name, fmt::format("found {} after {}, expected the smaller one first", text,
                                        read.back()));
      return;
    }
    read.push_back(*value);
  }
  values = std::move(read);
}

void describe(Section& section, MobilenetStage& stage) {
  section.integer("channels", stage.channels, {1, kMostChannels, ""}, "of the blocks' outputs");
  section.integer("stride", stage.stride, {1, 2, ""}, "of the first block");
  section.integer("depth", stage.depth, {1, 64, "blocks"}, "at most");
  section.integer("least_depth", stage.least_depth, {1, 64, "blocks"}, "at least");
  section.boolean("squeeze_excite", stage.squeeze_excite, "channels are scaled by pooled ones");
  section.one_of("activation", stage.activation, kActivations, "after batch norms");
  if (stage.least_depth > stage.depth) {
    section.mistake("least_depth", fmt::format("found {}, expected at most the depth of {}",
                                               stage.least_depth, stage.depth));
  }
}

void describe_choices(Section& section, MobilenetOptions& options) {
  numbers(section, "kernels", options.kernels, "of the depthwise convolutions",
          "an odd number from 1 to 31",
          [](int64_t value) { return value >= 1 && value <= 31 && value % 2 == 1; });
  numbers(section, "expansions", options.expansions, "of channels within a block",
          "a number from 1 to 64", [](double value) { return value >= 1 && value <= 64; });
  numbers(section, "widths", options.widths, "factors of all channels",
          "a number above 0 and at most 64", [](double value) { return value > 0 && value <= 64; });
  numbers(section, "resolutions", options.resolutions,
          "heights and widths that the input is brought to; none: it stays as it is",
          "a number from 1 to 4096", [](int64_t value) { return value >= 1 && value <= 4096; });
  for (const auto& [name, empty] : {std::pair{"kernels", options.kernels.empty()},
                                    std::pair{"expansions", options.expansions.empty()},
                                    std::pair{"widths", options.widths.empty()}}) {
    if (empty) section.mistake(name, "found none, expected at least one");
  }
}

}  // namespace

MobilenetOptions mobilenet_preset(MobilenetPreset preset) {
  return preset == MobilenetPreset::proxyless ? proxyless() : mobilenet_v3();
}

void describe(Section& section, MobilenetOptions& options) {
  section.one_of("preset", options.preset, kPresets, "whose values the other options have");
  options = mobilenet_preset(options.preset);
  section.integer("stem", options.stem, {1, kMostChannels, ""}, "channels of the first layer");
  section.integer("stem_stride", options.stem_stride, {1, 2, ""}, "of the first layer");
  section.one_of("stem_activation", options.stem_activation, kActivations, "of the first layer");
  section.integer("first", options.first, {0, kMostChannels, ""},
                  "channels of a block without expansion before all stages; 0: none");
  section.one_of("first_activation", options.first_activation, kActivations, "of that block");
  std::vector<MobilenetStage> given;
  section.items("stages", "blocks of one width each",
                [&](Section& item) { describe(item, given.emplace_back()); });
  if (!given.empty()) options.stages = std::move(given);
  section.integer("head", options.head, {0, kMostChannels, ""},
                  "channels of the last layer before the pooling; 0: none");
  section.integer("features", options.features, {0, kMostChannels, ""},
                  "channels of the layer after the pooling; 0: none");
  section.one_of("head_activation", options.head_activation, kActivations, "of these two");
  section.integer("halvings", options.halvings, {-1, 32, ""},
                  "layers that halve the map, at most, the last ones of all that would; -1: as "
                  "many as leave 4x4");
  describe_choices(section, options);
  describe(section, options.task);
}

}  // namespace nas

#include "nas/quantize/quantize_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, QuantizeConfig& config) {
  section.one_of("ranges", config.ranges, kRangeRules,
                 "what int8 numbers cover of the values seen: all (min_max), all but the outermost "
                 "0.01 % (percentile), or what leaves the least squared error (mse)");
  section.integer("samples", config.samples, {1, 1'000'000, "examples"},
                  "of the training split that ranges are taken from");
  section.one_of("target", config.target, kInt8Targets,
                 "of ONNX: x86 runs unsigned numbers faster, arm signed ones");
  section.integer("weight_bits", config.weight_bits, {4, 8, "bits"},
                  "of weights, 4 or 8, where the space does not choose them by layer");
  if (config.weight_bits != 4 && config.weight_bits != kUsualBits) {
    section.mistake("weight_bits",
                    "found " + std::to_string(config.weight_bits) + ", expected 4 or 8");
  }
  section.boolean("equalize", config.equalize,
                  "first even out the scales of consecutive layers, which changes no output but "
                  "for rounding");
}

}  // namespace nas

#include "nas/compress/prune_config.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "nas/config/section.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kCriteria{std::pair{"magnitude"sv, PruneCriterion::magnitude},
                               std::pair{"batch_norm"sv, PruneCriterion::batch_norm},
                               std::pair{"taylor"sv, PruneCriterion::taylor},
                               std::pair{"random"sv, PruneCriterion::random}};

constexpr std::array kAllocations{std::pair{"scores"sv, PruneAllocation::scores},
                                  std::pair{"sensitivity"sv, PruneAllocation::sensitivity}};
constexpr std::array kMasks{std::pair{"none"sv, MaskPattern::none},
                            std::pair{"unstructured"sv, MaskPattern::unstructured},
                            std::pair{"2:4"sv, MaskPattern::two_of_four}};

void describe_mask(Section& section, PruneConfig& config) {
  section.one_of("mask", config.mask, kMasks,
                 "zeros among the weights that are left: unstructured, the smallest of all; 2:4, "
                 "two of each four inputs; they save no time without a processor made for them");
  section.real("sparsity", config.sparsity, {0, 1, ""},
               "share of the weights that mask unstructured makes zero");
}

}  // namespace

void describe(Section& section, PruneConfig& config) {
  section.real("parameters", config.parameters, {1e-6, 1, ""},
               "share of the network's parameters that is left at most; 1: no limit");
  section.integer("weight_bytes", config.weight_bytes, {0, int64_t{1} << 40, "bytes"},
                  "of weights that are left at most, at the widths that the stage quantize gives "
                  "them; 0: no limit");
  describe_mask(section, config);
  // Each of them is enough.
  if (config.parameters < 1 || config.weight_bytes > 0 || config.mask != MaskPattern::none) {
    config.multiply_adds = 1;
  }
  section.real("multiply_adds", config.multiply_adds, {1e-6, 1, ""},
               "share of the network's multiply-adds that is left at most; 1: no limit, and where "
               "not given beside another limit or a mask");
  section.one_of("criterion", config.criterion, kCriteria,
                 "what says how much a channel matters: the L1 norm of its filters, the scale of "
                 "its batch norms, the first-order change of the loss without it, or chance");
  section.one_of("allocation", config.allocation, kAllocations,
                 "which layers lose how many: those channels with the least scores of all, or as "
                 "many of each as make the loss grow by the same");
  section.integer("steps", config.steps, {1, 1000, "rounds"},
                  "rounds of pruning and fine-tuning; 1: all channels go at once");
  section.integer("min_channels", config.min_channels, {1, 1'000'000, "channels"},
                  "left of each layer at least");
  section.integer("multiple_of", config.multiple_of, {1, 1024, "channels"},
                  "layers that lose channels keep a multiple of this many");
  section.integer("batches", config.batches, {1, 1'000'000, "batches"},
                  "of training data, for criterion taylor and allocation sensitivity");
  if (config.multiply_adds == 1 && config.parameters == 1 && config.weight_bytes == 0 &&
      config.mask == MaskPattern::none) {
    section.mistake("multiply_adds", "and parameters are both 1, expected a share below 1");
  }
  describe(section, config.fine_tuning);
}

}  // namespace nas

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

}  // namespace

void describe(Section& section, PruneConfig& config) {
  if (section.has("parameters")) config.multiply_adds = 1;  // that limit is enough
  section.real("multiply_adds", config.multiply_adds, {1e-6, 1, ""},
               "share of the network's multiply-adds that is left at most; 1: no limit");
  section.real("parameters", config.parameters, {1e-6, 1, ""},
               "share of the network's parameters that is left at most; 1: no limit");
  if (config.multiply_adds == 1 && config.parameters == 1) {
    section.mistake("multiply_adds", "and parameters are both 1, expected a share below 1");
  }
  section.one_of("criterion", config.criterion, kCriteria,
                 "what says how much a channel matters: the L1 norm of its filters, the scale of "
                 "its batch norms, the first-order change of the loss without it, or chance");
  section.integer("steps", config.steps, {1, 1000, "rounds"},
                  "rounds of pruning and fine-tuning; 1: all channels go at once");
  section.integer("min_channels", config.min_channels, {1, 1'000'000, "channels"},
                  "left of each layer at least");
  section.integer("multiple_of", config.multiple_of, {1, 1024, "channels"},
                  "layers that lose channels keep a multiple of this many");
  section.integer("batches", config.batches, {1, 1'000'000, "batches"},
                  "of training data, for criterion taylor");
  describe(section, config.fine_tuning);
}

}  // namespace nas

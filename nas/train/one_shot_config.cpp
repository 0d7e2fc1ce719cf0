#include "nas/train/one_shot_config.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, OneShotConfig& config) {
  using namespace std::string_view_literals;
  static constexpr std::array kSamplings{std::pair{"uniform"sv, PathSampling::uniform},
                                         std::pair{"fair"sv, PathSampling::fair}};
  describe_shared(section, config.training);
  section.one_of("sampling", config.sampling, kSamplings,
                 "points a step: one at random, or so many that all options are trained equally");
  section.integer("recalibration_batches", config.recalibration_batches, {0, 1'000'000, "batches"},
                  "of training data that set a point's batch norms before it is scored");
}

}  // namespace nas

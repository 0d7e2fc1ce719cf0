#include "nas/train/fine_tune_config.hpp"

#include <algorithm>

#include "nas/config/section.hpp"

namespace nas {

FineTuneConfig fine_tuning_of(TrainConfig training) {
  training.epochs = std::max<int64_t>(training.epochs / 2, 1);
  training.learning_rate *= 0.1;
  training.warmup_epochs = 0;
  return {training, {}};
}

void describe(Section& section, FineTuneConfig& config) {
  describe(section, config.training);
  section.section("distillation", "learning from the network before the change",
                  [&](Section& distillation) {
                    distillation.real("weight", config.distillation.weight, {0, 1, ""},
                                      "share of the loss that its outputs have; 0: labels alone");
                    distillation.real("temperature", config.distillation.temperature,
                                      {0.1, 100, ""}, "that both networks' outputs are divided by");
                  });
}

}  // namespace nas

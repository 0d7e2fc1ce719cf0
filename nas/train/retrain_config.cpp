#include "nas/train/retrain_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, RetrainConfig& config) {
  section.integer("seeds", config.seeds, {1, 1000, "seeds"},
                  "independent trainings, for a mean and a spread");
  describe(section, config.training);
}

}  // namespace nas

#include "nas/train/retrain_config.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, RetrainConfig& config) {
  section.integer("seeds", config.seeds, {1, 1000, "seeds"},
                  "independent trainings, for a mean and a spread");
  describe(section, config.together);
  describe(section, config.training);
  if (config.together.processes != 1 && config.training.decision.fits_rule()) {
    section.mistake("processes", "several processes fit no threshold or temperature: expected 1");
  }
}

}  // namespace nas

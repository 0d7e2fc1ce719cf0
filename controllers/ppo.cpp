#include "controllers/ppo.hpp"

#include "nas/config/section.hpp"

namespace nas {

PpoOptions::PpoOptions() { batch = 4; }

void describe(Section& section, PpoOptions& options) {
  describe(section, static_cast<ReinforceOptions&>(options));
  section.real("clip", options.clip, {0, 1, ""}, "largest change of a point's probability");
  section.integer("steps", options.steps, {1, 1000, ""}, "gradient steps per update");
}

}  // namespace nas

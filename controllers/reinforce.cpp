#include "controllers/reinforce.hpp"

#include "nas/config/section.hpp"

namespace nas {

void describe(Section& section, ReinforceOptions& options) {
  section.integer("hidden", options.hidden, {1, 4096, ""}, "units of the LSTM");
  section.integer("embedding", options.embedding, {1, 4096, ""}, "numbers a choice is read as");
  section.real("learning_rate", options.learning_rate, {0, 100, ""}, "of the policy (Adam)");
  section.real("entropy", options.entropy, {0, 100, ""}, "weight of the policy's entropy");
  section.real("baseline_decay", options.baseline_decay, {0, 1, ""},
               "of the moving average of rewards");
  section.integer("batch", options.batch, {1, 10'000, ""}, "results per update of the policy");
  section.real("temperature", options.temperature, {1e-3, 1e3, ""},
               "that the policy's logits are divided by");
  section.real("tanh_constant", options.tanh_constant, {0, 1e3, ""},
               "times the hyperbolic tangent of the logits: their bound; 0: none");
}

}  // namespace nas

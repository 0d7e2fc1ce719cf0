#include "controllers/enas.hpp"

#include "controllers/derived_points.hpp"
#include "nas/config/section.hpp"

namespace nas {

EnasOptions::EnasOptions() {
  training.epochs = 150;
  training.batch_size = 160;
  training.learning_rate = 0.05;
  training.final_learning_rate = 0.0005;
  training.optimizer.weight_decay = 1e-4;
  training.gradient_clip = 5;
  policy.hidden = 100;
  policy.learning_rate = 0.0035;
  policy.entropy = 1e-4;
  policy.baseline_decay = 0.99;
  policy.batch = 10;
  policy.temperature = 5;
  policy.tanh_constant = 2.5;
}

void describe(Section& section, EnasOptions& options) {
  describe_shared(section, options.training);
  section.section("policy", "what draws the points",
                  [&](Section& policy) { describe(policy, options.policy); });
  section.integer("policy_steps", options.policy_steps, {1, 1'000'000, ""},
                  "updates of the policy after each epoch");
  section.real("train_portion", options.train_portion, {0.01, 0.99, ""},
               "share of the training split that trains the weights; the rest rewards the policy");
  section.integer("candidates", options.candidates, {1, 100'000, ""},
                  "points drawn at the end, of which the best is derived");
  section.integer("recalibration_batches", options.recalibration_batches, {0, 1'000'000, "batches"},
                  "of training data that set a candidate's batch norms");
  section.integer("restarts", options.restarts, {1, 1000, ""}, "independent searches");
}

std::unique_ptr<Controller> make_enas(const EnasOptions& options, const SearchContext& context) {
  return make_derived_points(options.restarts, context);
}

}  // namespace nas

#include "controllers/policy_search_tensor.hpp"
#include "controllers/reinforce.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {

std::unique_ptr<Controller> make_reinforce(const ReinforceOptions& options,
                                           const SearchContext& context) {
  PolicySearchSetting setting;
  setting.name = "reinforce";
  setting.policy = policy_setting(options, derive_seed(context.seed, "reinforce.weights", 0));
  setting.baseline_decay = options.baseline_decay;
  setting.batch = options.batch;
  setting.update = [entropy = options.entropy, rate = options.learning_rate](
                       LstmPolicy& policy, Optimizer& optimizer,
                       std::span<const Experience> experience) {
    optimizer.zero_grad();
    policy.loss(experience, entropy).backward();
    optimizer.step(rate);
  };
  return make_policy_search(setting, context);
}

}  // namespace nas

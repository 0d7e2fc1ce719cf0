#include <utility>
#include <vector>

#include "controllers/policy_search_tensor.hpp"
#include "controllers/ppo.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

/// Ascends mean(min(r A, clip(r, 1 - clip, 1 + clip) A)) + entropy (Schulman et al. 2017, equation
/// 7), r the probability of a point over what it was when the update began.
class ClippedUpdate {
 public:
  explicit ClippedUpdate(PpoOptions options) : options_(std::move(options)) {}

  void operator()(LstmPolicy& policy, Optimizer& optimizer,
                  std::span<const Experience> experience) const {
    std::vector<Point> points;
    std::vector<double> advantages;
    points.reserve(experience.size());
    advantages.reserve(experience.size());
    for (const auto& one : experience) {
      points.push_back(one.point);
      advantages.push_back(one.advantage);
    }
    const torch::Tensor advantage = torch::tensor(advantages, torch::kFloat);
    const torch::Tensor before = policy.likelihood(points).log_probabilities.detach();
    for (int64_t step = 0; step < options_.steps; ++step) {
      const Likelihood now = policy.likelihood(points);
      const torch::Tensor ratio = (now.log_probabilities - before).exp();
      const torch::Tensor clipped = ratio.clamp(1 - options_.clip, 1 + options_.clip);
      const torch::Tensor gain = torch::minimum(ratio * advantage, clipped * advantage);
      optimizer.zero_grad();
      (-(gain + options_.entropy * now.entropies).mean()).backward();
      optimizer.step(options_.learning_rate);
    }
  }

 private:
  PpoOptions options_;
};

}  // namespace

std::unique_ptr<Controller> make_ppo(const PpoOptions& options, const SearchContext& context) {
  PolicySearchSetting setting;
  setting.name = "ppo";
  setting.policy = policy_setting(options, derive_seed(context.seed, "ppo.weights", 0));
  setting.baseline_decay = options.baseline_decay;
  setting.batch = options.batch;
  setting.update = ClippedUpdate(options);
  return make_policy_search(setting, context);
}

}  // namespace nas

#include "nas/reinforce/ppo_training.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/reinforce/advantages.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/finite.hpp"
#include "nas/train/gradient_clip.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

const std::string kPolicy = "policy.";
const std::string kOptimizer = "optimizer.";
/// A usual share of cooling in the servers' energy; rewards are differences to it, scaled to about
/// 1, so that values need not learn a constant first.
constexpr float kUsualCost = .17F;
constexpr float kRewardScale = 5;

OptimizerConfig adam() {
  OptimizerConfig config;
  config.kind = OptimizerKind::adam;
  config.epsilon = 1e-5;
  config.weight_decay = 0;
  return config;
}

std::span<float> floats(const torch::Tensor& tensor) {
  return {tensor.data_ptr<float>(), static_cast<size_t>(tensor.numel())};
}

double mean_of(const std::vector<float>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

torch::Tensor normal_noise(RandomStream& random, int64_t rows, int64_t columns) {
  torch::Tensor noise = torch::empty({rows, columns}, torch::kFloat);
  for (float& value : floats(noise)) value = static_cast<float>(random.normal());
  return noise;
}

}  // namespace

/// The steps of one iteration: [steps * environments, ...], by step first.
struct PpoTraining::Played {
  torch::Tensor observations;
  torch::Tensor actions;
  torch::Tensor log_densities;
  std::vector<float> values;  // of one step more
  std::vector<float> rewards;
  std::vector<float> breaches;
};

PpoTraining::PpoTraining(const PpoSetting& setting, const NetworkPlan& plan, Episodes& episodes)
    : setting_(setting),
      episodes_(episodes),
      policy_(plan, kLevers, derive_seed(setting.seed, "reinforce.weights", 0),
              setting.config.deviation),
      optimizer_(policy_.parameters(), adam()),
      penalty_(setting.config.penalty) {}

PpoTraining::Played PpoTraining::play() {
  const torch::NoGradGuard no_grad;
  const auto& [config, seed, identity] = setting_;
  RandomStream random(seed, "reinforce.noise", static_cast<uint64_t>(iteration_));
  const torch::Tensor deviation = policy_.log_deviation().exp();
  const int64_t halls = config.environments;
  Played played;
  played.observations = torch::empty({config.steps, halls, kObservations}, torch::kFloat);
  played.actions =
      torch::empty({config.steps, halls, static_cast<int64_t>(kLevers)}, torch::kFloat);
  played.log_densities = torch::empty({config.steps, halls}, torch::kFloat);
  episodes_.begin(static_cast<uint64_t>(iteration_));
  for (int64_t step = 0; step <= config.steps; ++step) {
    const bool last = step == config.steps;
    torch::Tensor seen = last ? torch::empty({halls, kObservations}, torch::kFloat)
                              : played.observations.select(0, step);
    episodes_.observe(floats(seen));
    const PolicyOutput output = policy_.forward(seen);
    const torch::Tensor value = output.value.contiguous();
    const auto values = floats(value);
    played.values.insert(played.values.end(), values.begin(), values.end());
    if (last) break;
    const torch::Tensor action =
        output.mean + deviation * normal_noise(random, halls, static_cast<int64_t>(kLevers));
    played.actions.select(0, step).copy_(action);
    played.log_densities.select(0, step).copy_(
        log_density(action, output.mean, policy_.log_deviation()));
    episodes_.step(floats(played.actions.select(0, step)));
    for (const float cost : episodes_.costs()) {
      played.rewards.push_back(kRewardScale * (kUsualCost - cost));
    }
    const auto breaches = episodes_.breaches();
    played.breaches.insert(played.breaches.end(), breaches.begin(), breaches.end());
  }
  return played;
}

PpoBatch PpoTraining::batch_of(const Played& played) {
  const PpoConfig& config = setting_.config;
  std::vector<float> rewards = played.rewards;
  for (size_t i = 0; i < rewards.size(); ++i) {
    rewards[i] -= static_cast<float>(penalty_) * played.breaches[i];
  }
  std::vector<float> gains =
      advantages(rewards, played.values, config.environments, config.discount, config.trace);
  const auto count = static_cast<int64_t>(gains.size());
  const torch::Tensor better = torch::tensor(gains);
  for (size_t i = 0; i < gains.size(); ++i) gains[i] += played.values[i];
  return {played.observations.view({count, kObservations}),
          played.actions.view({count, static_cast<int64_t>(kLevers)}),
          played.log_densities.view({count}), better, torch::tensor(gains)};
}

void PpoTraining::learn(const PpoBatch& steps) {
  const PpoConfig& config = setting_.config;
  const double rate = learning_rate_at(config, iteration_);
  std::vector<int64_t> order(static_cast<size_t>(steps.advantages.numel()));
  std::iota(order.begin(), order.end(), 0);
  RandomStream random(setting_.seed, "reinforce.order", static_cast<uint64_t>(iteration_));
  const int64_t size = std::max<int64_t>(2, std::ssize(order) / config.batches);
  for (int64_t pass = 0; pass < config.passes; ++pass) {
    random.shuffle(order);
    const torch::Tensor indices = torch::tensor(order);
    for (int64_t at = 0; at + size <= std::ssize(order); at += size) {
      const torch::Tensor chosen = indices.narrow(0, at, size);
      const auto take = [&](const torch::Tensor& all) { return all.index_select(0, chosen); };
      optimizer_.zero_grad();
      ppo_loss(policy_,
               {take(steps.observations), take(steps.actions), take(steps.log_densities),
                take(steps.advantages), take(steps.returns)},
               config)
          .backward();
      clip_gradients(optimizer_.parameters(), config.gradient_clip);
      optimizer_.step(rate);
    }
  }
}

void PpoTraining::iterate() {
  const Played played = play();
  learn(batch_of(played));
  const double breach = mean_of(played.breaches);
  metrics_ = {
      {"train_reward", mean_of(played.rewards)}, {"train_breach", breach}, {"penalty", penalty_}};
  history_.push_back(metrics_);
  const PpoConfig& config = setting_.config;
  penalty_ =
      std::max(config.penalty, penalty_ + config.penalty_rate * (breach - config.allowed_breach));
  ++iteration_;
}

bool PpoTraining::finite() const { return all_finite(policy_.parameters()); }

Json PpoTraining::identity() const {
  return {{"kind", "ppo"}, {"identity", setting_.identity}, {"seed", setting_.seed}};
}

Checkpoint PpoTraining::checkpoint() const {
  Checkpoint checkpoint;
  append_with_prefix(checkpoint.tensors, kPolicy, policy_.state());
  append_with_prefix(checkpoint.tensors, kOptimizer, optimizer_.state());
  checkpoint.state = identity();
  checkpoint.state["step"] = iteration_;
  checkpoint.state["penalty"] = penalty_;
  checkpoint.state["metrics"] = metrics_;
  checkpoint.state["history"] = history_;
  return checkpoint;
}

void PpoTraining::restore(const Checkpoint& checkpoint) {
  const Json expected = identity();
  for (const auto& [key, own] : expected.items()) {
    const Json found = checkpoint.state.value(key, Json());
    if (found == own) continue;
    throw UsageError(fmt::format("checkpoint of another training: {}: found {}, expected {}", key,
                                 found.dump(), own.dump()));
  }
  for (const char* key : {"step", "penalty", "metrics", "history"}) {
    if (!checkpoint.state.contains(key)) {
      throw InputError(fmt::format("checkpoint lacks '{}'", key));
    }
  }
  copy_named("checkpoint", below_prefix(kPolicy, checkpoint.tensors), policy_.state());
  optimizer_.load(below_prefix(kOptimizer, checkpoint.tensors));
  iteration_ = checkpoint.state.at("step").get<int64_t>();
  penalty_ = checkpoint.state.at("penalty").get<double>();
  metrics_ = checkpoint.state.at("metrics").get<Metrics>();
  history_ = checkpoint.state.at("history");
}

}  // namespace nas

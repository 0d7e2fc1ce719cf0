#include "nas/supernet/enas_search.hpp"

#include <string>
#include <utility>

#include "controllers/policy_optimizer_tensor.hpp"
#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/finite.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

const char* const kPolicy = "policy.";
const char* const kPolicyOptimizer = "policy_optimizer.";
const char* const kTraining = "training.";

SearchBatchesSetting batches_setting(const EnasSetting& setting) {
  const EnasOptions& options = setting.options;
  return {options.train_portion, options.training.batch_size, options.training.augment,
          setting.split_seed, derive_seed(setting.seed, "enas.batches", 0)};
}

}  // namespace

EnasSearch::EnasSearch(const EnasSetting& setting, const Space& space, const TrainingData& data)
    : setting_(setting),
      space_(space),
      data_(data),
      batches_(data, batches_setting(setting)),
      training_({setting.options.training, derive_seed(setting.seed, "enas.shared", 0),
                 setting.device, batches_.steps_per_epoch()},
                space),
      policy_(space.choices(),
              policy_setting(setting.options.policy, derive_seed(setting.seed, "enas.policy", 0))),
      policy_optimizer_(make_policy_optimizer(policy_)) {}

void EnasSearch::step() {
  const int64_t weight_steps = batches_.steps_per_epoch();
  const int64_t epoch = epochs_done();
  const int64_t within = step_ % steps_per_epoch();
  if (within < weight_steps) {
    step_weights(epoch * weight_steps + within);
  } else {
    step_policy(epoch * setting_.options.policy_steps + within - weight_steps);
  }
  ++step_;
}

void EnasSearch::step_weights(int64_t step) {
  RandomStream random(setting_.seed, "enas.child", static_cast<uint64_t>(step));
  const Point point = policy_.sample(random);
  training_.step({&point, 1}, batches_.for_weights(step));
}

double EnasSearch::reward(const Point& point, const Batch& batch) const {
  const torch::NoGradGuard no_grad;
  Pass pass;
  pass.training = true;
  pass.batch_norm_momentum = 0;  // running statistics stay as they are
  const torch::Tensor logits =
      network().subnetwork(*space_.subnetwork(point)).forward(batch.images, pass);
  return 100 * logits.argmax(1).eq(batch.labels).to(torch::kDouble).mean().item<double>();
}

void EnasSearch::step_policy(int64_t step) {
  const ReinforceOptions& options = setting_.options.policy;
  RandomStream random(setting_.seed, "enas.policy", static_cast<uint64_t>(step));
  std::vector<Point> points;
  std::vector<double> rewards;
  for (int64_t i = 0; i < options.batch; ++i) {
    points.push_back(policy_.sample(random));
    rewards.push_back(reward(points.back(), batches_.for_architecture(step * options.batch + i)));
  }
  const double average = mean(rewards) / 100;
  const double expected = baseline_.value_or(average);
  std::vector<Experience> experience;
  for (size_t i = 0; i < points.size(); ++i) {
    experience.push_back({points[i], rewards[i] / 100 - expected});
  }
  policy_optimizer_.zero_grad();
  policy_.loss(experience, options.entropy).backward();
  policy_optimizer_.step(options.learning_rate);
  baseline_ = options.baseline_decay * expected + (1 - options.baseline_decay) * average;
  rewards_.push_back(100 * average);
  const torch::NoGradGuard no_grad;
  entropies_.push_back(policy_.likelihood(points).entropies.mean().item<double>());
}

bool EnasSearch::finite() const {
  return training_.finite() && all_finite(policy_optimizer_.parameters());
}

Metrics EnasSearch::finish_epoch() {
  Metrics metrics = training_.finish_epoch();
  metrics["supernet_reward"] = mean(std::exchange(rewards_, {}));
  metrics["policy_entropy"] = mean(std::exchange(entropies_, {}));
  history_.push_back(metrics);
  return metrics;
}

Point EnasSearch::derived() const {
  const EnasOptions& options = setting_.options;
  const SharedScore score({options.training, options.recalibration_batches, setting_.split_seed},
                          space_, data_);
  Point best;
  double best_accuracy = -1;
  for (int64_t i = 0; i < options.candidates; ++i) {
    RandomStream random(setting_.seed, "enas.candidate", static_cast<uint64_t>(i));
    Point point = policy_.sample(random);
    const double accuracy = data_.validation.size() > 0
                                ? score(network(), point).at("validation_accuracy")
                                : reward(point, batches_.for_architecture(0));
    if (accuracy <= best_accuracy) continue;
    best_accuracy = accuracy;
    best = std::move(point);
  }
  return best;
}

Checkpoint EnasSearch::checkpoint() const {
  const Checkpoint training = training_.checkpoint();
  Checkpoint checkpoint;
  append_with_prefix(checkpoint.tensors, kTraining, training.tensors);
  append_with_prefix(checkpoint.tensors, kPolicy, policy_.parameters());
  append_with_prefix(checkpoint.tensors, kPolicyOptimizer, policy_optimizer_.state());
  checkpoint.state = {{"kind", "enas"},
                      {"training", training.state},
                      {"policy_steps", setting_.options.policy_steps},
                      {"step", step_},
                      {"baseline", baseline_ ? Json(*baseline_) : Json()},
                      {"rewards", rewards_},
                      {"entropies", entropies_},
                      {"history", history_}};
  return checkpoint;
}

void EnasSearch::restore(const Checkpoint& checkpoint) {
  const Json own = this->checkpoint().state;
  for (const auto& [key, expected] : own.items()) {
    const bool fixed = key == "kind" || key == "policy_steps";
    const bool found = checkpoint.state.contains(key);
    if (found && (!fixed || checkpoint.state[key] == expected)) continue;
    throw InputError("checkpoint of another search: " + key + ": found " +
                     (found ? checkpoint.state[key].dump() : "nothing") + ", expected " +
                     (fixed ? expected.dump() : "a value"));
  }
  const Json& state = checkpoint.state;
  training_.restore({below_prefix(kTraining, checkpoint.tensors), state["training"]});
  copy_named("policy", below_prefix(kPolicy, checkpoint.tensors), policy_.parameters());
  policy_optimizer_.load(below_prefix(kPolicyOptimizer, checkpoint.tensors));
  step_ = state["step"].get<int64_t>();
  baseline_ =
      state["baseline"].is_null() ? std::nullopt : std::optional(state["baseline"].get<double>());
  rewards_ = state["rewards"].get<std::vector<double>>();
  entropies_ = state["entropies"].get<std::vector<double>>();
  history_ = state["history"];
}

}  // namespace nas

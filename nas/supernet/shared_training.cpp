#include "nas/supernet/shared_training.hpp"

#include <string>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/finite.hpp"
#include "nas/train/gradient_clip.hpp"
#include "nas/train/loss.hpp"
#include "nas/train/named_tensors.hpp"
#include "nas/train/precision.hpp"

namespace nas {
namespace {

const char* const kNetwork = "network.";
const char* const kOptimizer = "optimizer.";
const char* const kSums = "sums";

NetworkPlan shared_plan(const Space& space) {
  auto plan = space.shared_network();
  if (plan) return *std::move(plan);
  throw UsageError("weight sharing needs a space whose points share weights, and those of space '" +
                   std::string(space.name()) + "' do not");
}

}  // namespace

SharedTraining::SharedTraining(const SharedTrainingSetting& setting, const Space& space)
    : setting_(setting),
      space_(space),
      network_(shared_plan(space), derive_seed(setting.seed, "shared.weights", 0), setting.device),
      optimizer_(network_.parameters(), setting.config.optimizer),
      sums_(torch::zeros({3}, torch::dtype(torch::kDouble).device(setting.device))) {}

void SharedTraining::step(std::span<const Point> points, const Batch& batch) {
  const TrainConfig& config = setting_.config;
  torch::manual_seed(derive_seed(setting_.seed, "shared.step", static_cast<uint64_t>(step_)));
  Pass pass;
  pass.training = true;
  optimizer_.zero_grad();
  for (const Point& point : points) {
    const Subnetwork network = network_.subnetwork(*space_.subnetwork(point));
    torch::Tensor logits;
    torch::Tensor loss;
    {
      const AutocastScope autocast(config.precision, setting_.device);
      logits = network.forward(batch.images, pass).to(torch::kFloat);
      loss = cross_entropy(logits, batch.labels, config.label_smoothing);
    }
    loss.backward();
    const torch::NoGradGuard no_grad;
    const auto examples = static_cast<double>(batch.labels.size(0));
    sums_[0] += loss * examples;
    sums_[1] += (logits.argmax(1) == batch.labels).sum();
    sums_[2] += examples;
  }
  clip_gradients(optimizer_.parameters(), config.gradient_clip);
  optimizer_.step(learning_rate_at(config, step_, setting_.steps_per_epoch));
  ++step_;
}

bool SharedTraining::finite() const {
  std::vector<torch::Tensor> tensors{sums_};
  for (const auto& item : network_.state()) tensors.push_back(item.second);
  return all_finite(tensors);
}

Metrics SharedTraining::finish_epoch() {
  const torch::Tensor sums = sums_.cpu();  // on a CPU the very same tensor
  const double examples = sums[2].item<double>();
  Metrics metrics{{"supernet_train_loss", sums[0].item<double>() / examples},
                  {"supernet_train_accuracy", 100 * sums[1].item<double>() / examples}};
  sums_.zero_();
  return metrics;
}

Checkpoint SharedTraining::checkpoint() const {
  Checkpoint checkpoint;
  append_with_prefix(checkpoint.tensors, kNetwork, network_.state());
  append_with_prefix(checkpoint.tensors, kOptimizer, optimizer_.state());
  checkpoint.tensors.emplace_back(kSums, sums_);
  checkpoint.state = {{"kind", "shared weights"},
                      {"space", space_.name()},
                      {"seed", setting_.seed},
                      {"epochs", setting_.config.epochs},
                      {"steps_per_epoch", setting_.steps_per_epoch},
                      {"step", step_}};
  return checkpoint;
}

void SharedTraining::restore(const Checkpoint& checkpoint) {
  const Json own = this->checkpoint().state;
  for (const auto& [key, expected] : own.items()) {
    const Json found = checkpoint.state.value(key, Json());
    if (key == "step" ? found.is_number_integer() : found == expected) continue;
    throw InputError("checkpoint of another training: " + key + ": found " + found.dump() +
                     ", expected " + expected.dump());
  }
  network_.load(below_prefix(kNetwork, checkpoint.tensors));
  optimizer_.load(below_prefix(kOptimizer, checkpoint.tensors));
  copy_named("checkpoint", below_prefix(kSums, checkpoint.tensors), {{"", sums_}});
  step_ = checkpoint.state.at("step").get<int64_t>();
}

}  // namespace nas

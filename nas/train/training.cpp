#include "nas/train/training.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/torch/layers.hpp"
#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/finite.hpp"
#include "nas/train/gradient_clip.hpp"
#include "nas/train/gradient_sum.hpp"
#include "nas/train/loss.hpp"
#include "nas/train/named_tensors.hpp"
#include "nas/train/precision.hpp"
#include "nas/train/score.hpp"

namespace nas {
namespace {

const std::string kNetwork = "network.";
const std::string kOptimizer = "optimizer.";
const std::string kAverage = "average.";
const std::string kSums = "sums";

/// float32 [classes]; undefined where classes are not weighed.
torch::Tensor class_weights_of(const TrainConfig& config, const TrainingData& data) {
  if (config.decision.class_weights == ClassWeights::none) return {};
  const torch::Tensor counts = torch::bincount(data.train.labels.cpu(), {}, data.task.classes);
  const auto examples = static_cast<double>(data.train.size());
  const torch::Tensor weights =
      examples / (static_cast<double>(data.task.classes) * counts.clamp_min(1).to(torch::kDouble));
  return weights.to(data.train.labels.device(), torch::kFloat);
}

/// Why steps cannot be recorded on a device; empty where they can.
std::string obstacle_of(const TrainingSetting& setting) {
  if (setting.together) return "several processes train one network";
  return setting.quantization ? "training for int8 looks at its values" : "";
}

}  // namespace

Training::Training(const TrainingSetting& setting, const NetworkPlan& plan,
                   const TrainingData& data)
    : setting_(setting),
      data_(data),
      network_(build_network(plan, derive_seed(setting.seed, "train.weights", 0), setting.device)),
      quantization_(setting.quantization
                        ? std::make_optional<FakeQuantization>(*network_, *setting.quantization)
                        : std::nullopt),
      optimizer_(network_->parameters(), setting.config.optimizer),
      batch_size_(std::min(setting.config.batch_size, data.train.size())),
      steps_per_epoch_(data.train.size() / std::max<int64_t>(batch_size_, 1)),
      inputs_(data, setting.config.augment, batch_size_),
      steps_(repeated_work(setting.device, obstacle_of(setting))),
      class_weights_(class_weights_of(setting.config, data)),
      sums_(torch::zeros({2}, torch::dtype(torch::kDouble).device(setting.device))) {
  if (data.train.size() < 2) throw InputError("training data: found fewer than two examples");
  if (setting.config.ema_decay > 0) average_.emplace(*network_, setting.config.ema_decay);
  if (setting.together) share_batches();
}

void Training::share_batches() {
  check_parts(batch_size_, setting_.together);
  if (setting_.teacher || setting_.quantization) {
    throw UsageError("several processes train no network for int8 and learn from no teacher");
  }
  network_->set_shared_batch(shared_batch(batch_size_, setting_.together));
}

bool Training::anywhere(bool here) const {
  return setting_.together ? setting_.together->group->any(here) : here;
}

bool Training::leads() const { return !setting_.together || setting_.together->group->leads(); }

/// Incomplete last batches are dropped, so that every step has the same shapes.
torch::Tensor Training::batch_indices() const {
  const int64_t epoch = step_ / steps_per_epoch_;
  if (order_epoch_ != epoch) {
    order_ = epoch_order(data_.train.size(), derive_seed(setting_.seed, "train.order", 0), epoch,
                         setting_.device);
    order_epoch_ = epoch;
  }
  return order_.narrow(0, step_ % steps_per_epoch_ * batch_size_, batch_size_);
}

torch::Tensor Training::labelled_loss(const torch::Tensor& logits,
                                      const torch::Tensor& labels) const {
  const double gamma = setting_.config.decision.focal_gamma;
  if (gamma > 0) return focal_loss(logits.to(torch::kFloat), labels, gamma, class_weights_);
  return cross_entropy(logits.to(torch::kFloat), labels, setting_.config.label_smoothing,
                       class_weights_);
}

torch::Tensor Training::loss_of(const std::vector<torch::Tensor>& outputs,
                                const torch::Tensor& images, const torch::Tensor& labels) const {
  torch::Tensor loss = labelled_loss(outputs.front(), labels);
  if (outputs.size() > 1) {
    loss = loss + setting_.config.auxiliary_weight * labelled_loss(outputs[1], labels);
  }
  if (!setting_.teacher) return loss;
  const Teacher& teacher = *setting_.teacher;
  torch::Tensor taught;
  {
    const torch::NoGradGuard no_grad;
    teacher.network->eval();
    taught = teacher.network->forward(images).front().to(torch::kFloat);
  }
  return (1 - teacher.weight) * loss +
         teacher.weight *
             distillation_loss(outputs.front().to(torch::kFloat), taught, teacher.temperature);
}

torch::Tensor Training::share_of(const torch::Tensor& loss) const {
  if (!setting_.together) return loss;
  const torch::Tensor indices = batch_indices();
  const BatchPart part = part_of(indices, batch_size_, setting_.together);
  if (!class_weights_.defined()) {
    return loss * (static_cast<double>(part.count) / static_cast<double>(batch_size_));
  }
  // A weighted mean is divided by the weights of its own examples.
  const torch::Tensor weights =
      class_weights_.index_select(0, data_.train.labels.index_select(0, indices));
  return loss * (weights.narrow(0, part.first, part.count).sum() / weights.sum());
}

torch::Tensor Training::find_gradients() {
  const torch::Tensor images = inputs_.images();
  const torch::Tensor labels = inputs_.labels();
  // The gradients at the rounded weights are those that the weights behind them follow.
  std::optional<FakeQuantization::RoundedWeights> rounded;
  if (quantization_) rounded.emplace(quantization_->weights());
  std::vector<torch::Tensor> outputs;
  torch::Tensor loss;
  {
    const AutocastScope autocast(setting_.config.precision, setting_.device);
    outputs = network_->forward(images);
    loss = share_of(loss_of(outputs, images, labels));
  }
  optimizer_.zero_grad();
  loss.backward();
  const torch::NoGradGuard no_grad;
  const torch::Tensor hits = (outputs.front().argmax(1) == labels).sum();
  const torch::Tensor sums =
      torch::stack({loss.detach().to(torch::kDouble), hits.to(torch::kDouble)});
  if (!setting_.together) return sums;
  sum_gradients(optimizer_.parameters(), *setting_.together->group);
  setting_.together->group->sum(sums);
  return sums;
}

void Training::step() {
  const TrainConfig& config = setting_.config;
  const auto number = static_cast<uint64_t>(step_);
  const double drop_path =
      config.drop_path * static_cast<double>(epochs_done()) / static_cast<double>(config.epochs);
  inputs_.set(part_of(batch_indices(), batch_size_, setting_.together),
              derive_seed(setting_.seed, "train.augment", number));
  optimizer_.set_learning_rate(learning_rate_at(config, step_, steps_per_epoch_));
  network_->train();
  network_->set_drop_path(drop_path);
  torch::manual_seed(derive_seed(setting_.seed, "train.step", number));
  steps_.run([this] { compute(); }, {drop_path});
  if (average_) average_->update(step_);
  ++step_;
}

void Training::compute() {
  const torch::Tensor sums = find_gradients();
  clip_gradients(optimizer_.parameters(), setting_.config.gradient_clip);
  optimizer_.step();
  const torch::NoGradGuard no_grad;
  sums_ += sums;
}

bool Training::finite() const {
  std::vector<torch::Tensor> tensors{sums_};
  for (const auto& [name, tensor] : state_of(*network_)) {
    if (tensor.is_floating_point()) tensors.push_back(tensor);
  }
  return all_finite(tensors);
}

Metrics Training::finish_epoch() {
  const torch::Tensor sums = sums_.cpu();
  const auto steps = static_cast<double>(steps_per_epoch_);
  metrics_ = {{"train_loss", sums[0].item<double>() / steps},
              {"train_accuracy",
               100 * sums[1].item<double>() / (steps * static_cast<double>(batch_size_))}};
  sums_.zero_();
  metrics_.merge(score_on(data_.validation, "validation"));
  history_.push_back(metrics_);
  return metrics_;
}

void Training::with_scored_weights(const std::function<void()>& use) {
  if (average_) average_->swap();
  std::optional<FakeQuantization::RoundedWeights> rounded;
  if (quantization_) rounded.emplace(quantization_->weights());
  use();
  rounded.reset();
  if (average_) average_->swap();
}

Metrics Training::score_on(const Examples& examples, const std::string& split) {
  Metrics metrics;
  with_scored_weights(
      [&] { metrics = score(*network_, examples, data_.normalization, setting_.config, split); });
  return metrics;
}

Decisions Training::decide_on(const Examples& examples) {
  Decisions decisions;
  with_scored_weights(
      [&] { decisions = decide(*network_, examples, data_.normalization, setting_.config); });
  return decisions;
}

NamedTensors Training::trained_weights() const {
  return average_ ? average_->state() : state_of(*network_);
}

Json Training::identity() const {
  return {{"kind", "training"},
          {"identity", setting_.identity},
          {"seed", setting_.seed},
          {"steps_per_epoch", steps_per_epoch_},
          {"epochs", setting_.config.epochs}};
}

Checkpoint Training::checkpoint() const {
  Checkpoint checkpoint;
  append_with_prefix(checkpoint.tensors, kNetwork, state_of(*network_));
  append_with_prefix(checkpoint.tensors, kOptimizer, optimizer_.state());
  if (average_) append_with_prefix(checkpoint.tensors, kAverage, average_->state());
  checkpoint.tensors.emplace_back(kSums, sums_);
  checkpoint.state = identity();
  checkpoint.state["step"] = step_;
  checkpoint.state["metrics"] = metrics_;
  checkpoint.state["history"] = history_;
  return checkpoint;
}

void Training::check_identity(const Json& state) const {
  Json expected = identity();
  if (!setting_.origin.empty() && state.value("identity", "") == setting_.origin) {
    expected["identity"] = setting_.origin;
    expected.erase("steps_per_epoch");  // the batch size may be another
  }
  for (const auto& [key, own] : expected.items()) {
    const Json found = state.value(key, Json());
    if (found == own) continue;
    throw UsageError(fmt::format("checkpoint of another training: {}: found {}, expected {}", key,
                                 found.dump(), own.dump()));
  }
}

void Training::restore(const Checkpoint& checkpoint) {
  check_identity(checkpoint.state);
  for (const char* key : {"step", "metrics", "history"}) {
    if (!checkpoint.state.contains(key)) {
      throw InputError(fmt::format("checkpoint lacks '{}'", key));
    }
  }
  load_state(*network_, below_prefix(kNetwork, checkpoint.tensors));
  optimizer_.load(below_prefix(kOptimizer, checkpoint.tensors));
  if (average_) average_->load(below_prefix(kAverage, checkpoint.tensors));
  copy_named("checkpoint", below_prefix(kSums, checkpoint.tensors), {{"", sums_}});
  const auto steps = checkpoint.state.at("step").get<int64_t>();
  const auto steps_per_epoch = checkpoint.state.at("steps_per_epoch").get<int64_t>();
  step_ = steps / steps_per_epoch * steps_per_epoch_ + steps % steps_per_epoch;
  metrics_ = checkpoint.state.at("metrics").get<Metrics>();
  history_ = checkpoint.state.at("history");
}

}  // namespace nas

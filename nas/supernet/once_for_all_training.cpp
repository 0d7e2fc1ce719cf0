#include "nas/supernet/once_for_all_training.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>
#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/supernet/channel_sorting.hpp"
#include "nas/supernet/kernel_transforms.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/distillation.hpp"
#include "nas/train/finite.hpp"
#include "nas/train/gradient_clip.hpp"
#include "nas/train/loss.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

const std::string kNetwork = "network.";
const std::string kTeacher = "teacher.";
const std::string kDecayed = "decayed.";
const std::string kUndecayed = "undecayed.";
const std::string kLoss = "loss";
constexpr int64_t kRecalibrationBatches = 4;

bool holds_options(const NetworkPlan& plan) {
  return std::any_of(plan.nodes.begin(), plan.nodes.end(),
                     [](const Node& node) { return std::holds_alternative<Mixed>(node.layer); });
}

/// The network that holds the weights of all points, the smaller ones within the larger.
NetworkPlan whole_network(const Space& space) {
  auto whole = space.shared_network();
  if (!whole || holds_options(*whole)) {
    throw UsageError(
        fmt::format("controller once_for_all needs a space whose networks are parts of larger "
                    "ones, and space '{}' is none",
                    space.name()));
  }
  return *std::move(whole);
}

ExampleBatches batches_of(const OnceForAllSetting& setting, const TrainingData& data) {
  if (data.train.size() < 2) throw UsageError("training data: found fewer than two examples");
  return {data,
          all_examples(data.train),
          {setting.options.batch_size, setting.options.augment,
           derive_seed(setting.seed, "once_for_all.order", 0),
           derive_seed(setting.seed, "once_for_all.augment", 0)}};
}

TrainConfig score_config(const OnceForAllOptions& options) {
  TrainConfig config;
  config.batch_size = options.batch_size;
  return config;
}

}  // namespace

OnceForAllTraining::OnceForAllTraining(const OnceForAllSetting& setting, const Space& space,
                                       const TrainingData& data)
    : setting_(setting),
      space_(space),
      data_(data),
      batches_(batches_of(setting, data)),
      schedule_(setting.options, space.choices(), batches_.steps_per_pass()),
      network_(whole_network(space), derive_seed(setting.seed, "once_for_all.weights", 0),
               setting.device),
      score_({score_config(setting.options), kRecalibrationBatches, setting.seed}, space, data),
      loss_(torch::zeros({}, torch::dtype(torch::kDouble).device(setting.device))) {
  if (setting.options.kernel_transforms) {
    std::vector<NetworkPlan> plans;
    for (const Point& point : schedule_.elastic(schedule_.phases() - 1).variants()) {
      plans.push_back(*space.subnetwork(point));
    }
    network_.transform_kernels({elastic_kernels(plans), setting.device});
  }
  make_optimizers();
}

/// Weight decay does not pull at biases and norms, as published.
void OnceForAllTraining::make_optimizers() {
  std::vector<torch::Tensor> decayed;
  std::vector<torch::Tensor> undecayed;
  for (const auto& parameter : network_.parameters()) {
    (parameter.dim() > 1 ? decayed : undecayed).push_back(parameter);
  }
  OptimizerConfig config = setting_.options.optimizer;
  Optimizer first(std::move(decayed), config);
  config.weight_decay = 0;
  optimizers_.emplace(Optimizers{std::move(first), {std::move(undecayed), config}});
}

void OnceForAllTraining::make_teacher() {
  teacher_ = network_.extract(*space_.subnetwork(ElasticChoices(space_.choices()).largest()));
  teacher_->train();  // published: it normalizes by the batch, as its pupils do
}

/// Each phase is a training of its own, from the weights of the one before.
void OnceForAllTraining::begin_phase() {
  const size_t phase = schedule_.phase_of(step_);
  if (phase == 0) return;
  if (phase == 1 && taught(phase)) make_teacher();
  if (setting_.options.sort_channels) {
    sort_channels(
        shrinking_channels(space_, schedule_.elastic(phase), schedule_.elastic(phase - 1)),
        network_.state());
  }
  make_optimizers();
}

torch::Tensor OnceForAllTraining::loss_of(const torch::Tensor& logits, const Batch& batch,
                                          const torch::Tensor& taught) const {
  const OnceForAllOptions& options = setting_.options;
  const torch::Tensor loss = cross_entropy(logits, batch.labels, options.label_smoothing);
  return taught.defined() ? loss + options.distillation * soft_cross_entropy(logits, taught) : loss;
}

void OnceForAllTraining::step() {
  if (schedule_.starts_phase(step_)) begin_phase();
  torch::manual_seed(derive_seed(setting_.seed, "once_for_all.step", static_cast<uint64_t>(step_)));
  const Batch batch = batches_.at(step_);
  torch::Tensor probabilities;
  if (taught(schedule_.phase_of(step_))) {
    const torch::NoGradGuard no_grad;
    probabilities = torch::softmax(teacher_->forward(batch.images).front(), 1);
  }
  auto& [decayed, undecayed] = *optimizers_;
  decayed.zero_grad();
  undecayed.zero_grad();
  Pass pass;
  pass.training = true;
  const std::vector<Point> points = schedule_.networks(step_, setting_.seed);
  for (const Point& point : points) {
    const Subnetwork network = network_.subnetwork(*space_.subnetwork(point));
    const torch::Tensor loss = loss_of(network.forward(batch.images, pass), batch, probabilities);
    loss.backward();
    loss_ += loss.detach() / static_cast<double>(points.size());
  }
  clip_gradients(network_.parameters(), setting_.options.gradient_clip);
  const double rate = schedule_.learning_rate(step_);
  decayed.step(rate);
  undecayed.step(rate);
  ++step_;
}

bool OnceForAllTraining::finite() const {
  std::vector<torch::Tensor> tensors{loss_};
  for (const auto& item : network_.state()) tensors.push_back(item.second);
  return all_finite(tensors);
}

Metrics OnceForAllTraining::finish_epoch() {
  const size_t phase = schedule_.phase_of(step_ - 1);
  metrics_ = {{"supernet_phase", static_cast<double>(phase)},
              {"supernet_train_loss",
               loss_.item<double>() / static_cast<double>(schedule_.steps_per_epoch())}};
  loss_.zero_();
  if (data_.validation.size() > 0) {
    const ElasticChoices& elastic = schedule_.elastic(phase);
    const auto accuracy = [&](const Point& point) {
      return score_(network_, point).at("validation_accuracy");
    };
    metrics_["supernet_largest_accuracy"] = accuracy(elastic.largest());
    metrics_["supernet_smallest_accuracy"] = accuracy(elastic.smallest());
  }
  history_.push_back(metrics_);
  return metrics_;
}

Json OnceForAllTraining::identity() const {
  return {{"kind", "once_for_all"},
          {"space", space_.name()},
          {"seed", setting_.seed},
          {"steps_per_epoch", schedule_.steps_per_epoch()},
          {"epochs", schedule_.epochs()}};
}

Checkpoint OnceForAllTraining::checkpoint() const {
  Checkpoint checkpoint;
  append_with_prefix(checkpoint.tensors, kNetwork, network_.state());
  if (teacher_) append_with_prefix(checkpoint.tensors, kTeacher, state_of(*teacher_));
  append_with_prefix(checkpoint.tensors, kDecayed, optimizers_->decayed.state());
  append_with_prefix(checkpoint.tensors, kUndecayed, optimizers_->undecayed.state());
  checkpoint.tensors.emplace_back(kLoss, loss_);
  checkpoint.state = identity();
  checkpoint.state["step"] = step_;
  checkpoint.state["metrics"] = metrics_;
  checkpoint.state["history"] = history_;
  return checkpoint;
}

void OnceForAllTraining::restore(const Checkpoint& checkpoint) {
  const Json own = identity();
  for (const auto& [key, expected] : own.items()) {
    const Json found = checkpoint.state.value(key, Json());
    if (found == expected) continue;
    throw InputError(fmt::format("checkpoint of another training: {}: found {}, expected {}", key,
                                 found.dump(), expected.dump()));
  }
  const auto step = checkpoint.state.at("step").get<int64_t>();
  // The teacher is made at the start of a phase's first step, not at the end of the phase before.
  if (step > 0 && taught(schedule_.phase_of(step - 1))) {
    make_teacher();
    load_state(*teacher_, below_prefix(kTeacher, checkpoint.tensors));
  }
  network_.load(below_prefix(kNetwork, checkpoint.tensors));
  optimizers_->decayed.load(below_prefix(kDecayed, checkpoint.tensors));
  optimizers_->undecayed.load(below_prefix(kUndecayed, checkpoint.tensors));
  copy_named("checkpoint", below_prefix(kLoss, checkpoint.tensors), {{"", loss_}});
  step_ = step;
  metrics_ = checkpoint.state.at("metrics").get<Metrics>();
  history_ = checkpoint.state.at("history");
}

}  // namespace nas

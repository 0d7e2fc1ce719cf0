#include "nas/supernet/darts_search.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/supernet/architecture_record.hpp"
#include "nas/supernet/collapse.hpp"
#include "nas/supernet/curvature.hpp"
#include "nas/supernet/few_skips.hpp"
#include "nas/supernet/searched_supernet.hpp"
#include "nas/supernet/widening.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/gradient_clip.hpp"
#include "nas/train/gradient_sum.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

const char* const kWeightOptimizer = "weight_optimizer.";
const char* const kArchitectureOptimizer = "architecture_optimizer.";
const char* const kCurvature = "curvature.";
const char* const kLosses = "losses";
constexpr double kSkipDropoutDecay = 0.2;  // an epoch

/// As published: plain momentum.
OptimizerConfig weight_config(const DartsOptions& options) {
  OptimizerConfig config;
  config.kind = OptimizerKind::sgd;
  config.momentum = options.momentum;
  config.nesterov = false;
  config.weight_decay = options.weight_decay;
  return config;
}

/// As published: Adam with a short memory, decay added to the gradient.
OptimizerConfig architecture_config(const DartsOptions& options) {
  OptimizerConfig config;
  config.kind = OptimizerKind::adam;
  config.beta1 = options.architecture_beta1;
  config.beta2 = 0.999;
  config.weight_decay = options.architecture_weight_decay;
  return config;
}

SearchBatchesSetting batches_setting(const DartsSetting& setting) {
  return {setting.options.train_portion,
          setting.options.batch_size,
          setting.options.augment,
          setting.split_seed,
          derive_seed(setting.seed, "supernet.batches", 0),
          setting.together};
}

NamedTensors numbered(const std::vector<torch::Tensor>& tensors) {
  NamedTensors named;
  for (const auto& tensor : tensors) named.emplace_back(std::to_string(named.size()), tensor);
  return named;
}

/// Why steps cannot be recorded on a device; empty where they can.
std::string obstacle_of(const DartsSetting& setting) {
  if (setting.together) return "several processes train one network";
  const bool softmax = setting.options.mixture == MixtureKind::softmax;
  return softmax ? "" : "its mixtures are drawn on the host";
}

/// One a weight; zeros before the first step.
std::vector<torch::Tensor> momentum_buffers(const Optimizer& optimizer) {
  std::vector<torch::Tensor> buffers;
  for (const auto& [name, tensor] : optimizer.state()) {
    if (name.starts_with("momentum.")) buffers.push_back(tensor);
  }
  return buffers;
}

/// Momentum buffers by the names of the network's weights.
NamedTensors momentum_by_name(const Supernet& supernet, const Optimizer& optimizer) {
  const std::vector<torch::Tensor> buffers = momentum_buffers(optimizer);
  NamedTensors named;
  for (const auto& parameter : supernet.network().named_parameters()) {
    named.emplace_back(parameter.key(), buffers[named.size()]);
  }
  return named;
}

/// Of "momentum.3": 3.
size_t position_in_name(const std::string& name) {
  return std::stoul(name.substr(name.rfind('.') + 1));
}

/// A random direction in the alphas of all groups, of norm 1.
std::vector<torch::Tensor> first_direction(const std::vector<torch::Tensor>& alphas,
                                           uint64_t seed) {
  const at::Generator generator =
      at::detail::createCPUGenerator(derive_seed(seed, "supernet.curvature", 0));
  std::vector<torch::Tensor> direction;
  for (const torch::Tensor& group : alphas) {
    torch::Tensor values = torch::empty(group.sizes());
    values.normal_(0, 1, generator);
    direction.push_back(values.to(group.device(), group.scalar_type()));
  }
  const torch::Tensor norm = torch::stack(at::_foreach_norm(direction)).norm();
  return at::_foreach_div(direction, norm);
}

}  // namespace

DartsSearch::DartsSearch(const DartsSetting& setting, const Space& space, const TrainingData& data)
    : setting_(setting),
      space_(space),
      data_(data),
      plan_(supernet_plan(space, setting)),
      supernet_(with_options(plan_, setting.kept),
                supernet_setting(setting, with_options(plan_, setting.kept), space.task().input)),
      batches_(data, batches_setting(setting)),
      weight_optimizer_(supernet_.weights(), weight_config(setting.options)),
      architecture_optimizer_(supernet_.alphas(), architecture_config(setting.options)),
      steps_(repeated_work(setting.device, obstacle_of(setting))),
      losses_(torch::zeros({2}, torch::dtype(torch::kDouble).device(setting.device))),
      curvature_(first_direction(supernet_.alphas(), setting.seed)) {
  supernet_.network().train();
}

void DartsSearch::go_on_from(const DartsSearch& before) {
  const torch::NoGradGuard no_grad;
  const Widening widening{plan_, before.setting_.kept, setting_.kept,
                          derive_seed(setting_.seed, "supernet.widening", 0)};
  const NamedTensors own = state_of(supernet_.network());
  const NamedTensors theirs = state_of(before.supernet_.network());
  copy_named("supernet", widened_weights(widening, theirs, own), own);
  const NamedTensors buffers = momentum_by_name(supernet_, weight_optimizer_);
  copy_named("momentum",
             widened_weights(widening, momentum_by_name(before.supernet_, before.weight_optimizer_),
                             buffers),
             buffers);
  for (size_t i = 0; i < supernet_.alphas().size(); ++i) {
    torch::Tensor(supernet_.alphas()[i])
        .copy_(kept_columns(widening, i, before.supernet_.alphas()[i]));
  }
  NamedTensors moments = before.architecture_optimizer_.state();
  for (auto& [name, tensor] : moments) {
    if (tensor.dim() == 2) tensor = kept_columns(widening, position_in_name(name), tensor);
  }
  architecture_optimizer_.load(moments);
}

/// Cosine, constant within an epoch, as published.
double DartsSearch::learning_rate() const {
  const DartsOptions& options = setting_.options;
  const int64_t all = setting_.epochs_in_all > 0 ? setting_.epochs_in_all : options.epochs;
  const double share =
      static_cast<double>(setting_.epochs_before + epochs_done()) / static_cast<double>(all);
  return options.final_learning_rate + (options.learning_rate - options.final_learning_rate) *
                                           (1 + std::cos(std::numbers::pi * share)) / 2;
}

/// Each part of a step draws a mixture of its own; the temperature is linear in epochs.
MixtureDraw DartsSearch::draw(MixtureDraw::For purpose) const {
  const DartsOptions& options = setting_.options;
  const auto last = static_cast<double>(std::max<int64_t>(options.epochs - 1, 1));
  const double share = static_cast<double>(epochs_done()) / last;
  const int64_t index = 2 * step_ + (purpose == MixtureDraw::For::weights ? 1 : 0);
  return {derive_seed(setting_.seed, "supernet.draw", static_cast<uint64_t>(index)),
          options.temperature + (options.final_temperature - options.temperature) * share, purpose};
}

/// As published: linear while the weights are trained alone, exponential after.
double DartsSearch::skip_dropout() const {
  const DartsOptions& options = setting_.options;
  const auto epoch = static_cast<double>(epochs_done());
  const double share =
      architecture_moves()
          ? std::exp((static_cast<double>(options.architecture_warmup) - epoch) * kSkipDropoutDecay)
          : (static_cast<double>(options.epochs) - epoch - 1) / static_cast<double>(options.epochs);
  return setting_.stage.skip_dropout * share;
}

bool DartsSearch::architecture_moves() const {
  return step_ >= steps_per_epoch() * setting_.options.architecture_warmup;
}

void DartsSearch::step() {
  const double rate = learning_rate();
  const double dropout = skip_dropout();
  batches_.set(step_);
  weight_optimizer_.set_learning_rate(rate);
  architecture_optimizer_.set_learning_rate(setting_.options.architecture_learning_rate);
  supernet_.network().set_drop_path(dropout);
  torch::manual_seed(derive_seed(setting_.seed, "supernet.step", static_cast<uint64_t>(step_)));
  const auto work = [&] { compute(rate); };
  if (batches_.whole(step_)) {
    steps_.run(work, {dropout, architecture_moves() ? 1.0 : 0.0,
                      setting_.options.order == 2 ? rate : 0.0});
  } else {
    work();
  }
  ++step_;
}

void DartsSearch::compute(double learning_rate) {
  const Batch train = batches_.for_weights();
  if (architecture_moves()) step_architecture(train, learning_rate);
  step_weights(train);
}

void DartsSearch::step_architecture(const Batch& train, double learning_rate) {
  const Batch validation = batches_.for_architecture();
  supernet_.set_draw(draw(MixtureDraw::For::architecture));
  ArchitectureGradient gradient;
  if (setting_.options.order == 2) {
    Unroll unroll;
    unroll.learning_rate = learning_rate;
    unroll.momentum = setting_.options.momentum;
    unroll.weight_decay = setting_.options.weight_decay;
    unroll.momentum_buffers = momentum_buffers(weight_optimizer_);
    gradient = second_order_gradient(supernet_, train, validation, unroll);
  } else {
    gradient = first_order_gradient(supernet_, validation);
  }
  const auto penalty = penalty_gradients(supernet_);
  if (!penalty.empty()) at::_foreach_add_(gradient.gradients, penalty);
  for (size_t i = 0; i < gradient.gradients.size(); ++i) {
    torch::Tensor(supernet_.alphas()[i]).mutable_grad() = gradient.gradients[i];
  }
  std::vector<torch::Tensor> before;
  for (const auto& alphas : supernet_.alphas()) before.push_back(alphas.detach().clone());
  architecture_optimizer_.step();
  supernet_.settle(before);
  losses_[1] += gradient.loss;
}

void DartsSearch::step_weights(const Batch& train) {
  supernet_.set_draw(draw(MixtureDraw::For::weights));
  weight_optimizer_.zero_grad();
  const torch::Tensor loss = supernet_loss(supernet_, train);
  loss.backward({}, std::nullopt, /*create_graph=*/false, supernet_.weights());
  const torch::Tensor sum = loss.detach();
  if (train.together) {
    sum_gradients(supernet_.weights(), *train.together->group);
    sum_over_processes({sum}, train);
  }
  clip_gradients(supernet_.weights(), setting_.options.gradient_clip);
  weight_optimizer_.step();
  losses_[0] += sum;
}

bool DartsSearch::finite() const {
  const torch::NoGradGuard no_grad;
  std::vector<torch::Tensor> numbers = supernet_.weights();
  numbers.insert(numbers.end(), supernet_.alphas().begin(), supernet_.alphas().end());
  const torch::Tensor norm = torch::stack(at::_foreach_norm(numbers)).norm();
  return (norm + losses_.sum()).isfinite().item<bool>();
}

double DartsSearch::validation_accuracy() {
  const Examples& held_out = data_.validation;
  if (held_out.size() == 0) {
    return supernet_accuracy(supernet_, data_.train, batches_.architecture_half(),
                             data_.normalization);
  }
  const torch::Tensor all = torch::arange(held_out.size(), held_out.labels.options());
  return supernet_accuracy(supernet_, held_out, all, data_.normalization);
}

Metrics DartsSearch::finish_epoch() {
  const ArchitectureWeights probabilities = this->probabilities();
  const Point point = derive(probabilities);
  Metrics metrics = architecture_metrics(plan_.groups, probabilities, space_.choices(), point);
  const auto steps = static_cast<double>(steps_per_epoch());
  metrics["supernet_train_loss"] = losses_[0].item<double>() / steps;
  if (epochs_done() > setting_.options.architecture_warmup) {
    metrics["supernet_architecture_loss"] = losses_[1].item<double>() / steps;
  }
  metrics["supernet_validation_accuracy"] = validation_accuracy();
  if (setting_.options.guard.iterations > 0) {
    auto curvature = dominant_curvature(supernet_, batches_.for_architecture(step_ - 1),
                                        std::move(curvature_), setting_.options.guard.iterations);
    metrics[kEigenvalue] = curvature.eigenvalue;
    curvature_ = std::move(curvature.direction);
  }
  losses_.zero_();
  records_.push_back(
      architecture_record(epochs_done(), metrics, space_.text(point), plan_.groups, probabilities));
  note_collapse();
  return metrics;
}

void DartsSearch::note_collapse() {
  std::vector<Metrics> epochs;
  for (const auto& record : records_) epochs.push_back(metrics_of(record));
  collapsed_ = collapsed_after(epochs, setting_.options.guard);
}

ArchitectureWeights DartsSearch::probabilities() const {
  return expanded(supernet_.probabilities(), plan_.groups, setting_.kept);
}

Point DartsSearch::derive(const ArchitectureWeights& probabilities) const {
  return derive_with_few_skips(space_, plan_.groups, probabilities, setting_.options.most_skips);
}

Point DartsSearch::derived() const {
  return derive(collapsed_ ? probabilities_of(plan_.groups, records_[*collapsed_])
                           : probabilities());
}

Metrics DartsSearch::metrics() const {
  if (records_.empty()) return {};
  return metrics_of(collapsed_ ? records_[*collapsed_] : records_.back());
}

Checkpoint DartsSearch::checkpoint() const {
  Checkpoint checkpoint;
  checkpoint.tensors = supernet_.state();
  append_with_prefix(checkpoint.tensors, kWeightOptimizer, weight_optimizer_.state());
  append_with_prefix(checkpoint.tensors, kArchitectureOptimizer, architecture_optimizer_.state());
  append_with_prefix(checkpoint.tensors, kCurvature, numbered(curvature_));
  checkpoint.tensors.emplace_back(kLosses, losses_);
  checkpoint.state = {{"kind", "darts"},
                      {"mixture", static_cast<int>(setting_.options.mixture)},
                      {"seed", setting_.seed},
                      {"step", step_},
                      {"steps_per_epoch", steps_per_epoch()},
                      {"epochs", setting_.options.epochs},
                      {"history", records_}};
  return checkpoint;
}

void DartsSearch::restore(const Checkpoint& checkpoint) {
  const Json own = this->checkpoint().state;
  for (const char* key : {"kind", "mixture", "seed", "steps_per_epoch", "epochs"}) {
    const Json found = checkpoint.state.value(key, Json());
    if (found == own[key]) continue;
    throw InputError(std::string("checkpoint of another search: ") + key + ": found " +
                     found.dump() + ", expected " + own[key].dump());
  }
  NamedTensors supernet;
  for (const char* part : {"network.", "alphas."}) {
    append_with_prefix(supernet, part, below_prefix(part, checkpoint.tensors));
  }
  supernet_.load(supernet);
  weight_optimizer_.load(below_prefix(kWeightOptimizer, checkpoint.tensors));
  architecture_optimizer_.load(below_prefix(kArchitectureOptimizer, checkpoint.tensors));
  copy_named("curvature", below_prefix(kCurvature, checkpoint.tensors), numbered(curvature_));
  copy_named("losses", below_prefix(kLosses, checkpoint.tensors), {{"", losses_}});
  step_ = checkpoint.state.at("step").get<int64_t>();
  records_ = checkpoint.state.at("history");
  note_collapse();
}

}  // namespace nas

#include "nas/compress/compressed_evaluator.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>

#include "nas/compress/channel_scores.hpp"
#include "nas/compress/fine_tuning.hpp"
#include "nas/compress/kept_channels.hpp"
#include "nas/compress/slice_weights.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/evaluate/network_training.hpp"
#include "nas/evaluate/training_run.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/pruned_network.hpp"
#include "nas/search/compression.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/failures.hpp"
#include "nas/train/score.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// Of training data, that a channel's effect on the loss is taken from.
constexpr int64_t kBatches = 8;

/// Passes reports on, and remembers whether the training was cut short.
class StopNoting final : public Monitor {
 public:
  explicit StopNoting(Monitor& next) : next_(next) {}
  Advice report(const Progress& progress) override {
    const Advice advice = next_.report(progress);
    stopped_ = stopped_ || (advice == Advice::stop && progress.done < progress.total);
    return advice;
  }
  void recall(const LearningCurve& earlier) override { next_.recall(earlier); }
  bool stopped() const { return stopped_; }

 private:
  Monitor& next_;
  bool stopped_ = false;
};

/// A fine-tuning adds nothing to the curve: its epochs are reported as the last one of the whole
/// network, so that the trial is known to be alive.
class LastEpochAgain final : public Monitor {
 public:
  LastEpochAgain(Monitor& next, const LearningCurve& curve) : next_(next), last_(curve.back()) {}
  Advice report(const Progress&) override {
    static_cast<void>(next_.report({last_.step, last_.step, "epoch", last_.metrics}));
    return Advice::go_on;
  }

 private:
  Monitor& next_;
  const CurvePoint& last_;
};

LearningCurve curve_in(const fs::path& folder) {
  LearningCurve curve;
  for (const Json& metrics : Json::parse(read_file(folder / "learning_curve.json"))) {
    curve.push_back({std::ssize(curve) + 1, metrics.get<Metrics>()});
  }
  return curve;
}

std::vector<LabelledBatch> first_batches(const TrainingData& data, const TrainConfig& config,
                                         uint64_t seed, torch::Device device) {
  const int64_t size = std::min(config.batch_size, data.train.size());
  const torch::Tensor order = epoch_order(data.train.size(), seed, 0, device);
  std::vector<LabelledBatch> batches;
  for (int64_t i = 0; i < kBatches && (i + 1) * size <= order.size(0); ++i) {
    const torch::Tensor indices = order.narrow(0, i * size, size);
    batches.push_back({normalized(data.train, indices, data.normalization),
                       data.train.labels.index_select(0, indices)});
  }
  return batches;
}

/// Of each group the units with the largest scores, as many as the plan has.
KeptUnits best_units(const CompressedPlan& target, const std::vector<double>& scores) {
  KeptUnits kept(static_cast<size_t>(target.coupling.units), 1);
  for (size_t g = 0; g < target.kept.size(); ++g) {
    std::vector<int64_t> units = target.coupling.groups[g].units;
    std::stable_sort(units.begin(), units.end(), [&](int64_t a, int64_t b) {
      return scores[static_cast<size_t>(a)] > scores[static_cast<size_t>(b)];
    });
    for (auto i = static_cast<size_t>(target.kept[g]); i < units.size(); ++i) {
      kept[static_cast<size_t>(units[i])] = 0;
    }
  }
  return kept;
}

FakeQuantizationSetting rounding_of(const NetworkPlan& plan, const WeightBits& bits) {
  FakeQuantizationSetting setting;
  for (const Node& node : plan.nodes) {
    if (!std::holds_alternative<Convolution>(node.layer) &&
        !std::holds_alternative<Linear>(node.layer)) {
      continue;
    }
    setting.weights.push_back({node.name + ".weight", largest_of_bits(bits_of(bits, node.name))});
  }
  return setting;
}

/// What both evaluators share. References outlive it.
struct CompressedSetting {
  const CompressedTrainConfig& config;
  const EvaluatorContext& context;
  const TrainingData& data;
  torch::Device device;
  /// Scores a finished network.
  std::function<Metrics(Network&)> finally;
};

NetworkPlan whole_network(const Space& space, const Point& point) {
  auto plan = space.network(point);
  if (!plan) throw UsageError("space " + std::string(space.name()) + " describes no networks");
  return *std::move(plan);
}

/// One assignment, from nothing to the score of the small network.
class CompressedTraining {
 public:
  CompressedTraining(const CompressedSetting& setting, const Assignment& assignment,
                     Monitor& monitor)
      : setting_(setting),
        assignment_(assignment),
        monitor_(monitor),
        whole_(whole_network(setting.context.space, *assignment.point)),
        target_(compressed_plan(whole_, setting.data.task.input,
                                compression_of(setting.context.space, *assignment.point).value())),
        folder_(assignment.folder / "compression") {}

  Outcome run() {
    if (has_whole()) {
      monitor_.recall(curve_in(assignment_.folder));
    } else if (auto outcome = train_whole()) {
      return *outcome;
    }
    return with_failures([&] { return make_small(); });
  }

 private:
  fs::path whole_file() const { return folder_ / "whole.safetensors"; }

  /// Of all that decides what comes out.
  std::string identity() const {
    const Space& space = setting_.context.space;
    return sha256(fmt::format("{}\n{}\n{}\n{}", space.text(*assignment_.point), assignment_.budget,
                              assignment_.seed, setting_.config.fine_tuning.training.epochs));
  }

  bool has_whole() const {
    return fs::exists(whole_file()) &&
           read_safetensors(whole_file()).metadata.value("identity", "") == identity();
  }

  /// An outcome where there is nothing to make smaller.
  std::optional<Outcome> train_whole() {
    fs::remove_all(folder_);
    StopNoting noting(monitor_);
    const auto nothing_more = [](Training&) { return Metrics(); };
    Outcome outcome = train_network(
        {setting_.config.training, setting_.context, setting_.data, setting_.device, nothing_more},
        assignment_, noting);
    if (noting.stopped() || std::holds_alternative<Failure>(outcome)) return outcome;
    const fs::path trained = assignment_.folder / "weights.safetensors";
    Json metadata = read_safetensors(trained).metadata;
    metadata["identity"] = identity();
    metadata["metrics"] = Json(std::get<Score>(outcome).metrics).dump();
    fs::create_directories(folder_);
    save_safetensors(whole_file(), load_safetensors(trained), metadata);
    return std::nullopt;
  }

  Outcome make_small() {
    const Json metadata = read_safetensors(whole_file()).metadata;
    NamedTensors weights;
    for (const auto& [name, tensor] : load_safetensors(whole_file())) {
      weights.emplace_back(name, tensor.to(setting_.device));
    }
    const KeptUnits kept = best_units(target_, scores(weights));
    const auto pruned = pruned_network(whole_, setting_.data.task.input, target_.coupling, kept);
    if (pruned.plan != target_.plan) throw RunError("compression: another network than planned");
    auto tuned = fine_tune(weights, sliced(weights, pruned.cuts));
    if (const auto* failure = std::get_if<Failure>(&tuned)) return *failure;
    const auto& small = std::get<NamedTensors>(tuned);
    Metrics metrics = Json::parse(metadata.at("metrics").get<std::string>()).get<Metrics>();
    for (const auto& [name, value] : scored(small)) metrics[name] = value;
    if (!all_finite(metrics)) return diverged();
    save_small(small, kept, metadata);
    fs::remove_all(folder_);
    return Score{metrics, std::nullopt};
  }

  std::vector<double> scores(const NamedTensors& weights) const {
    const auto network = build_network(whole_, 0, setting_.device);
    load_state(*network, weights);
    const KeptUnits all(static_cast<size_t>(target_.coupling.units), 1);
    return taylor_scores(
        unit_parameters(whole_, target_.coupling, all), target_.coupling.units, *network,
        first_batches(setting_.data, setting_.config.training,
                      derive_seed(assignment_.seed, "compression.scores", 0), setting_.device));
  }

  std::variant<NamedTensors, Failure> fine_tune(const NamedTensors& weights,
                                                const NamedTensors& start) {
    const FineTuneConfig& config = setting_.config.fine_tuning;
    TrainingSetting training{config.training,
                             derive_seed(assignment_.seed, "compression.training", 0),
                             setting_.device, identity()};
    training.teacher = teacher_of(config.distillation, whole_, weights, setting_.device);
    training.quantization = rounding_of(target_.plan, target_.bits);
    const LearningCurve curve = curve_in(assignment_.folder);
    LastEpochAgain alive(monitor_, curve);
    return fine_tuned_or_failure({training, setting_.context.execution.checkpoint, setting_.data,
                                  target_.plan, start, folder_, setting_.context.warn},
                                 alive);
  }

  /// With the weights as they are in whole numbers.
  Metrics scored(const NamedTensors& weights) const {
    const auto network = build_network(target_.plan, 0, setting_.device);
    load_state(*network, weights);
    const FakeQuantization quantization(*network, rounding_of(target_.plan, target_.bits));
    const FakeQuantization::RoundedWeights rounded(quantization.weights());
    Metrics metrics = setting_.finally(*network);
    const Cost counted = cost(target_.plan, setting_.data.task.input);
    metrics["parameters"] = static_cast<double>(counted.parameters);
    metrics["multiply_adds"] = static_cast<double>(counted.multiply_adds);
    return metrics;
  }

  void save_small(const NamedTensors& weights, const KeptUnits& kept, Json metadata) const {
    metadata.erase("identity");
    metadata.erase("metrics");
    metadata["kept"] = to_json(whole_, target_.coupling, kept).dump();
    metadata["bits"] = to_text(target_.bits);
    save_safetensors(assignment_.folder / "weights.safetensors", weights, metadata);
  }

  const CompressedSetting& setting_;
  const Assignment& assignment_;
  Monitor& monitor_;
  NetworkPlan whole_;
  CompressedPlan target_;
  fs::path folder_;
};

enum class Purpose { search, retraining };

class CompressedEvaluator final : public Evaluator {
 public:
  CompressedEvaluator(const CompressedTrainConfig& config, const EvaluatorContext& context,
                      Purpose purpose)
      : config_(config),
        context_(context),
        purpose_(purpose),
        device_(select_device(context.execution.device)),
        data_(purpose == Purpose::search ? load_for_search(context.data, device_)
                                         : load_for_retraining(context.data, device_)) {
    const DecisionConfig& decision = config.training.decision;
    if (decision.fits_rule() || decision.validation_folds > 0) {
      throw UsageError("networks that are made smaller take no cross-validation and no threshold");
    }
  }

  Outcome evaluate(const Assignment& assignment, Monitor& monitor) override {
    const auto finally = [&](Network& network) {
      const TrainConfig& training = config_.training;
      if (purpose_ == Purpose::search) {
        return score(network, data_.validation, data_.normalization, training, "validation");
      }
      return score(network, load_test(context_.data, device_), data_.normalization, training,
                   "test");
    };
    return CompressedTraining({config_, context_, data_, device_, finally}, assignment, monitor)
        .run();
  }

 private:
  CompressedTrainConfig config_;
  EvaluatorContext context_;
  Purpose purpose_;
  torch::Device device_;
  TrainingData data_;
};

}  // namespace

std::unique_ptr<Evaluator> make_compressed_train_evaluator(const CompressedTrainConfig& config,
                                                           const EvaluatorContext& context) {
  return std::make_unique<CompressedEvaluator>(config, context, Purpose::search);
}

std::unique_ptr<Evaluator> make_compressed_retrain_evaluator(const CompressedTrainConfig& config,
                                                             const EvaluatorContext& context) {
  return std::make_unique<CompressedEvaluator>(config, context, Purpose::retraining);
}

}  // namespace nas

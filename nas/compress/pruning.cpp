#include "nas/compress/pruning.hpp"

#include <algorithm>
#include <cmath>
#include <optional>

#include "nas/compress/channel_choice.hpp"
#include "nas/compress/channel_scores.hpp"
#include "nas/compress/fine_tuning.hpp"
#include "nas/compress/kept_channels.hpp"
#include "nas/compress/sensitivity.hpp"
#include "nas/compress/slice_weights.hpp"
#include "nas/compress/weight_masks.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/plan/cost.hpp"
#include "nas/torch/format.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/loss.hpp"
#include "nas/train/named_tensors.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

fs::path round_file(const fs::path& folder) { return folder / "round.safetensors"; }
fs::path trainings(const fs::path& folder) { return folder / "fine_tuning"; }

class Rounds {
 public:
  Rounds(const PruningSetting& setting, Monitor& monitor)
      : setting_(setting),
        monitor_(monitor),
        input_(setting.data.task.input),
        whole_(cost(setting.plan, input_)),
        state_{channel_coupling(setting.plan, input_), {}, setting.plan, setting.weights} {
    state_.kept.assign(static_cast<size_t>(state_.coupling.units), 1);
    fs::create_directories(setting.folder);
    restore();
  }

  PrunedWeights run() {
    for (; removes_channels() && done_ < setting_.config.steps; ++done_) {
      remove_channels();
      fine_tune({});
      save();
    }
    if (setting_.config.mask != MaskPattern::none && done_ <= setting_.config.steps) {
      done_ = setting_.config.steps;
      const auto masks =
          weight_masks(state_.plan, state_.weights, setting_.config.mask, setting_.config.sparsity);
      fine_tune(masks);
      apply_masks(masks, state_.weights);
      save();
    }
    return std::move(state_);
  }

 private:
  /// Not where a mask is all that is asked for.
  bool removes_channels() const {
    const PruneConfig& config = setting_.config;
    return config.multiply_adds < 1 || config.parameters < 1 || config.weight_bytes > 0;
  }

  uint64_t seed_of(const char* purpose) const {
    return derive_seed(setting_.seed, purpose, static_cast<uint64_t>(done_));
  }

  /// Of the round that is under way.
  PruneTarget target() const {
    const PruneConfig& config = setting_.config;
    const double progress = static_cast<double>(done_ + 1) / static_cast<double>(config.steps);
    const auto share = [&](int64_t count, double ratio) {
      return static_cast<int64_t>(static_cast<double>(count) * std::pow(ratio, progress));
    };
    const int64_t bytes = weight_bytes(setting_.plan, setting_.bits);
    const double left = config.weight_bytes == 0
                            ? 1
                            : static_cast<double>(config.weight_bytes) / static_cast<double>(bytes);
    return {share(whole_.multiply_adds, config.multiply_adds),
            share(whole_.parameters, config.parameters),
            config.min_channels,
            config.multiple_of,
            share(bytes, std::min(left, 1.0)),
            setting_.bits,
            by_sensitivity() ? Comparison::as_they_are : Comparison::to_group_mean};
  }

  bool by_sensitivity() const { return setting_.config.allocation == PruneAllocation::sensitivity; }

  std::vector<double> scores() const {
    const auto found = criterion_scores();
    if (!by_sensitivity()) return found;
    const auto examples = batches();
    return sensitivity_scores(state_.coupling, state_.kept, found,
                              [&](const KeptUnits& kept) { return loss_without(kept, examples); });
  }

  /// Mean over batches, with no training in between.
  double loss_without(const KeptUnits& kept, const std::vector<LabelledBatch>& examples) const {
    const torch::NoGradGuard no_grad;
    const auto pruned = pruned_network(setting_.plan, input_, state_.coupling, kept);
    const auto network = build_network(pruned.plan, 0, setting_.device);
    load_state(*network, sliced(state_.weights, cuts_between(state_.kept, kept)));
    network->eval();
    double sum = 0;
    for (const LabelledBatch& batch : examples) {
      const auto outputs = network->forward(batch.images).front().to(torch::kFloat);
      sum += cross_entropy(outputs, batch.labels, 0).item<double>();
    }
    return sum / static_cast<double>(std::max<size_t>(examples.size(), 1));
  }

  std::vector<double> criterion_scores() const {
    const int64_t units = state_.coupling.units;
    const auto parameters = unit_parameters(setting_.plan, state_.coupling, state_.kept);
    switch (setting_.config.criterion) {
      case PruneCriterion::magnitude:
        return magnitude_scores(parameters, units, state_.weights);
      case PruneCriterion::batch_norm:
        return batch_norm_scores(parameters, units, state_.weights);
      case PruneCriterion::taylor: {
        const auto network = build_network(state_.plan, 0, setting_.device);
        load_state(*network, state_.weights);
        return taylor_scores(parameters, units, *network, batches());
      }
      case PruneCriterion::random:
        return random_scores(units, seed_of("prune.scores"));
    }
    throw RunError("a criterion of no known kind");
  }

  std::vector<LabelledBatch> batches() const {
    const TrainingData& data = setting_.data;
    const int64_t size =
        std::min(setting_.config.fine_tuning.training.batch_size, data.train.size());
    const torch::Tensor order =
        epoch_order(data.train.size(), seed_of("prune.scores"), 0, setting_.device);
    std::vector<LabelledBatch> found;
    for (int64_t i = 0; i < setting_.config.batches && (i + 1) * size <= order.size(0); ++i) {
      const torch::Tensor indices = order.narrow(0, i * size, size);
      found.push_back({normalized(data.train, indices, data.normalization),
                       data.train.labels.index_select(0, indices)});
    }
    return found;
  }

  void remove_channels() {
    const KeptUnits before = state_.kept;
    state_.kept = choose_kept(setting_.plan, input_, state_.coupling, before, scores(), target());
    const auto pruned = pruned_network(setting_.plan, input_, state_.coupling, state_.kept);
    // Channels that went earlier are gone from the weights already: places are among those left.
    state_.weights = sliced(state_.weights, cuts_between(before, state_.kept));
    state_.plan = pruned.plan;
  }

  /// Of weights that have lost what is not in `before` already.
  std::vector<WeightCut> cuts_between(const KeptUnits& before, const KeptUnits& after) const {
    const auto earlier = pruned_network(setting_.plan, input_, state_.coupling, before).cuts;
    auto cuts = pruned_network(setting_.plan, input_, state_.coupling, after).cuts;
    for (WeightCut& cut : cuts) {
      const auto same = std::find_if(earlier.begin(), earlier.end(), [&](const WeightCut& other) {
        return other.tensor == cut.tensor && other.dim == cut.dim;
      });
      if (same == earlier.end()) continue;
      for (int64_t& place : cut.kept) {
        place = std::lower_bound(same->kept.begin(), same->kept.end(), place) - same->kept.begin();
      }
    }
    return cuts;
  }

  void fine_tune(const std::vector<RoundedParameter>& masks) {
    // A folder for each round: what one leaves as it is killed is no checkpoint of the next.
    const fs::path folder = trainings(setting_.folder) / std::to_string(done_);
    TrainingSetting training{setting_.config.fine_tuning.training, seed_of("prune.training"),
                             setting_.device, fmt::format("{} round {}", setting_.identity, done_)};
    training.teacher = teacher_of(setting_.config.fine_tuning.distillation, setting_.plan,
                                  setting_.weights, setting_.device);
    if (!masks.empty()) training.quantization = FakeQuantizationSetting{{}, {}, masks};
    state_.weights = fine_tuned({training, setting_.checkpoints, setting_.data, state_.plan,
                                 state_.weights, folder, setting_.warn},
                                monitor_);
  }

  void save() const {
    save_safetensors(round_file(setting_.folder), state_.weights,
                     {{"identity", setting_.identity},
                      {"rounds", std::to_string(done_ + 1)},
                      {"kept", to_json(setting_.plan, state_.coupling, state_.kept)}});
    fs::remove_all(trainings(setting_.folder));
  }

  void restore() {
    const fs::path path = round_file(setting_.folder);
    if (!fs::exists(path)) return;
    const Json metadata = read_safetensors(path).metadata;
    if (metadata.value("identity", "") != setting_.identity) {
      throw UsageError(setting_.folder.string() + ": holds another pruning");
    }
    done_ = std::stoll(metadata.at("rounds").get<std::string>());
    state_.kept = kept_units_from(Json::parse(metadata.at("kept").get<std::string>()),
                                  setting_.plan, state_.coupling);
    state_.plan = pruned_network(setting_.plan, input_, state_.coupling, state_.kept).plan;
    state_.weights.clear();
    for (const auto& [name, tensor] : load_safetensors(path)) {
      state_.weights.emplace_back(name, tensor.to(setting_.device));
    }
  }

  const PruningSetting& setting_;
  Monitor& monitor_;
  Shape input_;
  Cost whole_;
  PrunedWeights state_;
  int64_t done_ = 0;
};

}  // namespace

PrunedWeights prune(const PruningSetting& setting, Monitor& monitor) {
  return Rounds(setting, monitor).run();
}

void forget_pruning(const fs::path& folder) {
  fs::remove(round_file(folder));
  fs::remove_all(trainings(folder));
}

}  // namespace nas

#include "tools/tensor_prune.hpp"

#include "nas/torch/format.hpp"

#include <algorithm>

#include "nas/compress/kept_channels.hpp"
#include "nas/compress/pruning.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/core/stop.hpp"
#include "nas/hardware/device_meter.hpp"
#include "nas/plan/cost.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/search/compression.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/checkpoint.hpp"
#include "nas/train/score.hpp"
#include "tools/line_monitor.hpp"
#include "tools/measuring.hpp"
#include "tools/output.hpp"
#include "tools/run_store.hpp"
#include "tools/tensor_commands.hpp"
#include "tools/tensor_parts.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

/// Of the weights of convolutions and linear layers.
double percent_of_zeros(const NamedTensors& weights) {
  int64_t zeros = 0;
  int64_t all = 0;
  for (const auto& [name, tensor] : weights) {
    if (tensor.dim() < 2) continue;
    zeros += (tensor == 0).sum().item<int64_t>();
    all += tensor.numel();
  }
  return 100 * static_cast<double>(zeros) / static_cast<double>(std::max<int64_t>(all, 1));
}

/// One retrained network, from its weights to those of the pruned one.
class NetworkPruning {
 public:
  NetworkPruning(const PruneRequest& request, const Experiment& experiment)
      : request_(request),
        experiment_(experiment),
        source_(RunFolder(request.folder).checkpoints(Job::retrain, request.retraining) /
                "weights.safetensors"),
        retrained_(metrics_of_retraining()),
        identity_(sha256(fmt::format("{}\n{}\n{}", experiment.resolved, request.retraining,
                                     sha256(read_file(source_))))) {}

  Json run() {
    if (fs::exists(result())) return finished();
    const DataConfig& data_config = experiment_.config.data;
    const torch::Device device = select_device(experiment_.config.execution.device);
    const TrainingData data = load_for_retraining(data_config, device);
    const auto space = experiment_.make_retrain_space();
    const Json metadata = read_safetensors(source_).metadata;
    const auto plan = space->network(space->parse(metadata.at("arch").get<std::string>()));
    const uint64_t seed =
        derive_seed(experiment_.config.seed, "prune", static_cast<uint64_t>(request_.retraining));
    const NamedTensors weights = load_safetensors(source_);
    LineMonitor monitor(stdout, "fine-tuning: ");
    const PrunedWeights pruned = prune(
        {*experiment_.prune, experiment_.config.execution.checkpoint, data, *plan, weights, seed,
         device, request_.to, identity_, warn_on_standard_error, bits_of(metadata, *plan)},
        monitor);
    Json json = {{"identity", identity_},
                 {"retraining", request_.retraining},
                 {"before", figures(*plan)},
                 {"after", figures(pruned.plan)},
                 {"layers", layer_counts(*plan, pruned.coupling, pruned.kept)}};
    json["before"]["test_accuracy"] = retrained_.at("test_accuracy");
    const auto network = build_network(pruned.plan, 0, device);
    load_state(*network, pruned.weights);
    const Metrics tested = score(*network, load_test(data_config, device), data.normalization,
                                 experiment_.prune->fine_tuning.training, "test");
    json["after"]["test_accuracy"] = tested.at("test_accuracy");
    if (experiment_.prune->mask != MaskPattern::none) {
      json["before"]["zero_weights"] = percent_of_zeros(weights);
      json["after"]["zero_weights"] = percent_of_zeros(pruned.weights);
    }
    Json notes = metadata;
    // Both were fitted to outputs of networks that were not pruned.
    for (const char* fitted : {"temperature", "threshold"}) notes.erase(fitted);
    notes["kept"] = to_json(*plan, pruned.coupling, pruned.kept).dump();
    save_safetensors(request_.to / "weights.safetensors", pruned.weights, notes);
    write_file_atomically(result(), json.dump(2) + "\n");
    forget_pruning(request_.to);
    return json;
  }

 private:
  fs::path result() const { return request_.to / "metrics.json"; }

  Json metrics_of_retraining() const {
    const auto space = experiment_.make_space();
    const auto store = open_run_store(experiment_, RunFolder(request_.folder), space->choices(),
                                      OpenMode::read_only);
    const Json all = Json::parse(store->get("retrain").value_or("{}"));
    const std::string key = std::to_string(request_.retraining);
    if (!all.contains(key) || !fs::exists(source_)) {
      throw UsageError(fmt::format("{}: has no retrained network {}", request_.folder.string(),
                                   request_.retraining));
    }
    return all[key];
  }

  /// Of weights in whole numbers: as the point says, or of all layers as the stage quantize does.
  WeightBits bits_of(const Json& metadata, const NetworkPlan& plan) const {
    if (metadata.contains("bits")) {
      return weight_bits_from_text(metadata.at("bits").get<std::string>());
    }
    return experiment_.quantization ? uniform_bits(plan, experiment_.quantization->weight_bits)
                                    : WeightBits();
  }

  Json finished() const {
    Json json = Json::parse(read_file(result()));
    if (json.value("identity", "") != identity_) {
      throw UsageError(request_.to.string() + ": holds another pruning; choose another folder");
    }
    return json;
  }

  /// Latency as `hardware:` says.
  Json figures(const NetworkPlan& plan) const {
    const Shape input = experiment_.make_retrain_space()->task().input;
    const Cost counted = cost(plan, input);
    Json json = {{"parameters", counted.parameters}, {"multiply_adds", counted.multiply_adds}};
    const Outcome measured =
        make_device_meter(hardware_of(experiment_.config), {"latency"})->measure(plan, input);
    if (const auto* score = std::get_if<Score>(&measured)) json.update(Json(score->metrics));
    return json;
  }

  const PruneRequest& request_;
  const Experiment& experiment_;
  fs::path source_;
  Json retrained_;
  std::string identity_;
};

}  // namespace

Json run_prune_command(const PruneRequest& request) {
  const TensorParts parts = tensor_parts();
  const Experiment experiment = experiment_of_run(request.folder, request.overrides, parts);
  if (!experiment.prune) {
    throw UsageError(
        "the run's configuration has no stage prune; give it one: --set "
        "stages.prune.multiply_adds=0.5");
  }
  if (experiment.cools()) throw UsageError(std::string(kPoliciesSeeNoPictures));
  if (compresses(*experiment.make_space())) {
    throw UsageError("the run's space has made its networks smaller already; nothing is pruned");
  }
  prepare(experiment.config.execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  return NetworkPruning(request, experiment).run();
}

}  // namespace nas

#include "tools/tensor_quantize.hpp"

#include "nas/torch/format.hpp"

#include "nas/compress/quantization_training.hpp"
#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/random.hpp"
#include "nas/core/stop.hpp"
#include "nas/quantize/integer_run.hpp"
#include "nas/run/run_folder.hpp"
#include "nas/torch/device.hpp"
#include "tools/int8_network.hpp"
#include "tools/line_monitor.hpp"
#include "tools/output.hpp"
#include "tools/tensor_commands.hpp"
#include "tools/tensor_parts.hpp"
#include "tools/trained_int8.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

Experiment experiment_of(const QuantizeRequest& request, const TensorParts& parts) {
  Experiment experiment = experiment_of_run(request.folder, request.overrides, parts);
  if (!experiment.quantization_training) {
    throw UsageError(
        "the run's configuration has no training in its stage quantize; give it one: --set "
        "stages.quantize.training.epochs=10");
  }
  return experiment;
}

}  // namespace

void run_quantize_command(const QuantizeRequest& request) {
  const TensorParts parts = tensor_parts();
  const Experiment experiment = experiment_of(request, parts);
  const NetworkChoice choice{-1, experiment.prune.has_value()};
  OpenedNetwork opened = open_network(request.folder, choice, parts);
  const std::string source = weights_identity(request.folder, choice);
  const Int8Origin origin{source, sha256(fmt::format("{}\n{}", experiment.resolved, source))};
  const fs::path to = RunFolder(request.folder).best() / "int8";
  const fs::path weights = to / "weights.safetensors";
  if (holds_int8_of(weights, origin)) {
    fmt::print("{} is of this very training\n", weights.string());
    return;
  }
  prepare(experiment.config.execution);
  install_stop_signals(signal_number(experiment.config.stop_signal.c_str()));
  const QuantizedNetwork start = quantized_after_training(opened, *experiment.quantization, parts);
  integer_network(start);  // throws where a layer has no form in whole numbers
  const torch::Device device = select_device(experiment.config.execution.device);
  const TrainingData data = load_for_retraining(experiment.config.data, device);
  const fs::path checkpoints = RunFolder(request.folder).checkpoints() / "quantize";
  LineMonitor monitor(stdout, "training for int8: ");
  const TrainedQuantization trained = train_quantized(
      {*experiment.quantization_training, experiment.config.execution.checkpoint, data, start,
       opened.plan, opened.weights, derive_seed(experiment.config.seed, "quantize", 0), device,
       checkpoints, origin.training, warn_on_standard_error},
      monitor);
  opened.int8 = trained;
  const Int8Source result = int8_source(opened, *experiment.quantization, parts);
  write_int8_scores(opened, result, to / "metrics.json", parts);
  // Before the weights, from which on nothing is left to be done.
  renew_int8_exports(opened, result, to.parent_path(), parts);
  save_trained_int8(weights, trained, origin);
  print_written(weights);
  fs::remove_all(checkpoints);
}

}  // namespace nas

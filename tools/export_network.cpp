#include "tools/export_network.hpp"

#include <fmt/core.h>

#include "nas/compress/kept_channels.hpp"
#include "nas/core/error.hpp"
#include "nas/core/file.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/core/safetensors.hpp"
#include "nas/export/check.hpp"
#include "nas/plan/pruned_network.hpp"
#include "nas/run/run_folder.hpp"
#include "tools/output.hpp"
#include "tools/trained_int8.hpp"

namespace nas {
namespace {

namespace fs = std::filesystem;

constexpr int64_t kSamples = 4;  // of a test vector

std::unique_ptr<Space> space_of(const OpenedRun& run, int64_t trial) {
  const bool retrained = trial < 0 && run.experiment.retrain.has_value();
  return retrained ? run.experiment.make_retrain_space() : run.experiment.make_space();
}

fs::path folder_of(const RunFolder& folder, const NetworkChoice& choice) {
  if (choice.pruned) return folder.best() / "pruned";
  return choice.trial < 0 ? folder.best() : folder.checkpoints(Job::evaluate, choice.trial);
}

fs::path weights_path(const fs::path& folder, const NetworkChoice& choice) {
  return folder_of(RunFolder(folder), choice) / "weights.safetensors";
}

Safetensors weights_file(const OpenedRun& run, const NetworkChoice& choice) {
  const fs::path path = weights_path(run.folder, choice);
  if (!fs::exists(path)) {
    throw UsageError(fmt::format(
        "{}: is not there; {}", path.string(),
        choice.pruned      ? "the stage prune writes it"
        : choice.trial < 0 ? "a run writes it at its end, where its evaluator or the stage retrain "
                             "trains networks"
                           : "only the weights of the best trial are kept"));
  }
  return read_safetensors(path);
}

void check_trial(const OpenedRun& run, int64_t trial) {
  if (trial < 0) return;
  const auto count = std::ssize(run.store->trials());
  if (trial < count) return;
  throw UsageError(fmt::format(
      "--trial: found {}, but {}", trial,
      count == 0 ? "the run has no trials" : fmt::format("the run's are 0 to {}", count - 1)));
}

/// A text of the weights' metadata.
std::string text_of(const Json& metadata, const char* name) {
  if (!metadata.contains(name)) {
    throw InputError(fmt::format("weights: their metadata lack '{}'", name));
  }
  return metadata[name].get<std::string>();
}

template <class T>
std::vector<T> list_of(const Json& metadata, const char* name) {
  const Json list = Json::parse(text_of(metadata, name), nullptr, /*allow_exceptions=*/false);
  try {
    return list.get<std::vector<T>>();
  } catch (const Json::exception&) {
    throw InputError(fmt::format("weights: '{}' in their metadata is no list", name));
  }
}

NetworkPlan without_pruned(const NetworkPlan& plan, const Shape& input, const Json& metadata) {
  const ChannelCoupling coupling = channel_coupling(plan, input);
  const Json kept = Json::parse(text_of(metadata, "kept"), nullptr, /*allow_exceptions=*/false);
  return pruned_network(plan, input, coupling, kept_units_from(kept, plan, coupling)).plan;
}

NetworkFacts facts_of(const OpenedRun& run, const Json& metadata) {
  NetworkFacts facts;
  facts.labels = list_of<std::string>(metadata, "classes");
  facts.mean = list_of<double>(metadata, "mean");
  facts.deviation = list_of<double>(metadata, "deviation");
  if (metadata.contains("features")) {
    facts.features = list_of<std::string>(metadata, "features");
    facts.missing = list_of<double>(metadata, "missing");
  }
  if (metadata.contains("log_mel")) facts.log_mel = text_of(metadata, "log_mel");
  facts.policy = run.experiment.cools();
  facts.provenance = {{"experiment", run.experiment.config.name},
                      {"space", text_of(metadata, "space")},
                      {"arch", text_of(metadata, "arch")},
                      {"seed", std::to_string(run.experiment.config.seed)}};
  for (const char* name : {"temperature", "threshold"}) {
    if (metadata.contains(name)) facts.provenance.emplace_back(name, text_of(metadata, name));
  }
  const fs::path path = RunFolder(run.folder).provenance();
  if (!fs::exists(path)) return facts;
  const Json provenance = Json::parse(read_file(path), nullptr, /*allow_exceptions=*/false);
  for (const char* name : {"version", "config_sha256"}) {
    if (!provenance.is_object() || !provenance.contains(name)) continue;
    facts.provenance.emplace_back(name, provenance[name].get<std::string>());
  }
  return facts;
}

}  // namespace

OpenedNetwork open_network(const fs::path& folder, const NetworkChoice& choice,
                           const TensorParts& parts) {
  const OpenedRun run = open_run(folder, parts);
  check_trial(run, choice.trial);
  const Safetensors file = weights_file(run, choice);
  const auto space = space_of(run, choice.trial);
  auto plan = space->network(space->parse(text_of(file.metadata, "arch")));
  if (!plan) throw UsageError(fmt::format("space {} describes no networks", space->name()));
  const Shape input = shape_from_text(text_of(file.metadata, "input"));
  if (file.metadata.contains("kept")) plan = without_pruned(*plan, input, file.metadata);
  std::optional<WeightBits> bits;
  if (file.metadata.contains("bits")) bits = weight_bits_from_text(text_of(file.metadata, "bits"));
  return {*plan,
          weights_of(file),
          input,
          facts_of(run, file.metadata),
          run.experiment.config.data,
          load_trained_int8(RunFolder(folder).best() / "int8" / "weights.safetensors",
                            weights_identity(folder, choice)),
          bits};
}

std::string weights_identity(const fs::path& folder, const NetworkChoice& choice) {
  return sha256(read_file(weights_path(folder, choice)));
}

ExportSource export_source(const OpenedNetwork& opened, const TensorParts& parts) {
  const auto& [plan, weights, input, facts, data, int8, bits] = opened;
  ExportSource source{inference_network(plan, input, weights), facts,
                      test_inputs(input, facts, kSamples)};
  source.scripts = parts.scripts;
  source.vector.outputs = parts.network_outputs(plan, weights, input, source.vector.inputs);
  return source;
}

void print_written(const fs::path& path) {
  fmt::print("{}  {} bytes\n", path.string(), fs::file_size(path));
}

void print_check(const ExportCheck& check, const std::string& own) {
  if (check.ran) {
    fmt::print("run by {}: the largest difference from {} is {:.2g}\n", check.by, own,
               check.difference);
  } else {
    fmt::print("not run to compare it with {}: {}; inputs and outputs to do so lie beside it\n",
               own, check.by);
  }
}

void export_network(ExportFormat format, const ExportSource& source, const fs::path& to) {
  for (const auto& path : write_export(format, source, to)) print_written(path);
  print_check(check_export(format, source, to), "the network's own outputs");
}

}  // namespace nas

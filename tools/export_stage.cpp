#include "tools/export_stage.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"
#include "nas/core/finished_program.hpp"
#include "nas/core/json.hpp"
#include "nas/core/stop.hpp"
#include "tools/program.hpp"
#include "tools/stage_process.hpp"

namespace nas {
namespace {

std::string file_name(ExportFormat format) {
  switch (format) {
    case ExportFormat::onnx:
      return "network.onnx";
    case ExportFormat::torchscript:
      return "network.pt";
    case ExportFormat::c:
      return "c";
    case ExportFormat::safetensors:
      return "network.safetensors";
  }
  throw RunError("an export format of no known kind");
}

/// Without its line break.
std::string last_line(std::string text) {
  while (!text.empty() && text.back() == '\n') text.pop_back();
  return text.substr(text.rfind('\n') + 1);
}

template <class Enum, size_t N>
std::string name_of(const std::array<std::pair<std::string_view, Enum>, N>& rows, Enum value) {
  for (const auto& [name, candidate] : rows) {
    if (candidate == value) return std::string(name);
  }
  throw RunError("an option of no known name");
}

std::vector<std::string> choice_arguments(const Experiment& experiment) {
  if (!experiment.prune) return {};
  return {"--pruned"};
}

std::vector<std::string> int8_arguments(const Experiment& experiment) {
  const QuantizeConfig& config = *experiment.quantization;
  std::vector<std::string> arguments = choice_arguments(experiment);
  arguments.insert(arguments.end(), {"--int8", "--ranges", name_of(kRangeRules, config.ranges),
                                     "--samples", std::to_string(config.samples), "--target",
                                     name_of(kInt8Targets, config.target), "--weight-bits",
                                     std::to_string(config.weight_bits)});
  if (config.equalize) arguments.emplace_back("--equalize");
  return arguments;
}

/// Files that are written once, as the store remembers.
class ExportRuns {
 public:
  ExportRuns(const RunFolder& folder, TrialStore& store, const ExportListener& say)
      : folder_(folder),
        store_(store),
        say_(say),
        done_(Json::parse(store.get("export").value_or("{}"))) {}

  /// `name` in the store.
  void write(const std::string& name, ExportFormat format, const std::filesystem::path& to,
             const std::vector<std::string>& more) {
    if (stop_requested()) throw Interrupted();
    if (done_.contains(name) && std::filesystem::exists(to)) return;
    std::vector<std::string> command{tensor_program().string(),
                                     "export",
                                     folder_.root().string(),
                                     "--format",
                                     std::string(to_text(format)),
                                     "--to",
                                     to.string()};
    command.insert(command.end(), more.begin(), more.end());
    const FinishedProgram finished = run_program(command, folder_.worker_errors());
    for (const auto& line : finished.lines) say_(line);
    if (!finished.succeeded()) {
      throw RunError(fmt::format("export as {} failed ({}): {}", name, finished.how,
                                 last_line(finished.errors)));
    }
    done_[name] = true;
    store_.put("export", done_.dump());
  }

 private:
  const RunFolder& folder_;
  TrialStore& store_;
  const ExportListener& say_;
  Json done_;
};

}  // namespace

void run_export_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                      const ExportListener& say) {
  ExportRuns runs(folder, store, say);
  const auto to = folder.best() / "export";
  const auto chosen = choice_arguments(experiment);
  for (const ExportFormat format : experiment.exports->formats) {
    runs.write(std::string(to_text(format)), format, to / file_name(format), chosen);
    if (!experiment.quantization) continue;
    if (format == ExportFormat::onnx) {
      runs.write("onnx int8", format, to / "network_int8.onnx", int8_arguments(experiment));
    } else if (format == ExportFormat::c) {
      runs.write("c int8", format, to / "c_int8", int8_arguments(experiment));
    }
  }
}

void run_quantize_stage(const Experiment& experiment, const RunFolder& folder, TrialStore& store,
                        const ExportListener& say) {
  const auto to = folder.best() / "int8";
  auto arguments = int8_arguments(experiment);
  if (experiment.quantization_training) {
    run_stage_process(experiment, folder, {"quantize", folder.root().string()}, "quantizing", say);
  } else {
    arguments.insert(arguments.end(), {"--scores", (to / "metrics.json").string()});
  }
  ExportRuns(folder, store, say)
      .write("quantize", ExportFormat::onnx, to / "network.onnx", arguments);
}

}  // namespace nas

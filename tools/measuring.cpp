#include "tools/measuring.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/hardware/energy_counter.hpp"
#include "nas/hardware/table_meter.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

bool contains(const std::vector<std::string>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// Hardware metrics that an objective or a constraint names.
std::vector<std::string> named_metrics(const ExperimentConfig& config) {
  std::vector<std::string> names;
  for (const std::string_view metric : kHardwareMetrics) {
    const auto names_it = [&](const auto& part) { return part.metric == metric; };
    if (std::any_of(config.objectives.begin(), config.objectives.end(), names_it) ||
        std::any_of(config.constraints.begin(), config.constraints.end(), names_it)) {
      names.emplace_back(metric);
    }
  }
  return names;
}

/// Whether the evaluator itself reports a metric; only a table or a program may.
bool reported(const Experiment& experiment, const std::string& metric) {
  const auto& type = experiment.evaluator.type;
  if (type != "table" && type != "command") return false;
  const auto space = experiment.make_space();
  const EvaluatorContext context{*space, experiment.config.data, experiment.config.execution, {}};
  return experiment.evaluator.make(context)->reports(metric);
}

/// Metrics that are measured or predicted, in the order of kHardwareMetrics.
std::vector<std::string> wanted_metrics(const Experiment& experiment) {
  const auto named = named_metrics(experiment.config);
  std::vector<std::string> wanted;
  for (const std::string_view name : kHardwareMetrics) {
    const std::string metric(name);
    const bool listed = contains(experiment.config.hardware.metrics, metric);
    if (listed || (contains(named, metric) && !reported(experiment, metric))) {
      wanted.push_back(metric);
    }
  }
  return wanted;
}

bool from_table(const Experiment& experiment, const std::string& metric) {
  return metric == "latency" && !experiment.config.hardware.table.empty();
}

}  // namespace

std::vector<std::string> device_metrics(const Experiment& experiment) {
  std::vector<std::string> metrics = wanted_metrics(experiment);
  std::erase_if(metrics, [&](const auto& metric) { return from_table(experiment, metric); });
  return metrics;
}

HardwareConfig hardware_of(const ExperimentConfig& config) {
  HardwareConfig hardware = config.hardware;
  if (hardware.device.empty()) hardware.device = config.execution.device;
  return hardware;
}

NetworkMeters make_meters(const Experiment& experiment, const TensorParts& parts) {
  const HardwareConfig hardware = hardware_of(experiment.config);
  NetworkMeters meters;
  if (contains(wanted_metrics(experiment), "latency") && !hardware.table.empty()) {
    meters.push_back(make_table_meter(hardware));
  }
  const auto metrics = device_metrics(experiment);
  if (!metrics.empty()) meters.push_back(parts.meter(hardware, metrics));
  return meters;
}

void check_measuring(const Experiment& experiment) {
  const auto wanted = wanted_metrics(experiment);
  if (wanted.empty()) return;
  const auto space = experiment.make_space();
  RandomStream random(0, "measuring.check");
  if (!space->network(sample(space->choices(), random))) {
    throw UsageError(fmt::format("{} is measured of networks, and space '{}' describes none",
                                 wanted.front(), space->name()));
  }
  const HardwareConfig hardware = hardware_of(experiment.config);
  if (contains(wanted, "energy")) check_energy_counter(hardware.device);
  if (!hardware.table.empty()) make_table_meter(hardware);
}

}  // namespace nas

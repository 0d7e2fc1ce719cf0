#pragma once

#include <string>
#include <vector>

#include "nas/hardware/network_meter.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Those of kHardwareMetrics that have to be measured on the device, by LibTorch: those that an
/// objective or a constraint names and the evaluator does not report itself, and those that
/// `hardware.metrics` lists; latency not where a table predicts it.
std::vector<std::string> device_metrics(const Experiment& experiment);

/// `hardware:` with the run's device where it names none.
HardwareConfig hardware_of(const ExperimentConfig& config);

/// What measures or predicts the metrics of candidates' networks. Where the program lacks LibTorch
/// there is no need of device_metrics.
NetworkMeters make_meters(const Experiment& experiment, const TensorParts& parts);

/// Throws UsageError or InputError before a run begins where its metrics cannot be measured: a
/// space without networks, no counter of energy, a latency table that is none.
void check_measuring(const Experiment& experiment);

}  // namespace nas

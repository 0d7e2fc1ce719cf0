#pragma once

#include <cstdint>
#include <string>

#include "nas/data/data_config.hpp"
#include "nas/evaluate/context.hpp"
#include "nas/hardware/hardware_config.hpp"
#include "nas/search/constraint.hpp"
#include "nas/search/objective.hpp"
#include "nas/store/store_config.hpp"

namespace nas {

class Section;

/// When a search ends; 0: no such limit.
struct SearchBudget {
  int64_t trials = 100;
  double wall_time = 0;  // seconds, over all attempts of the run together
  double total = 0;      // units of the evaluator that all trials together spend: epochs
  /// Seconds that one trial may take in one go.
  double trial_time = 0;
};

/// The keys of a configuration that name no component.
struct ExperimentConfig {
  std::string name = "experiment";
  uint64_t seed = 0;
  Objectives objectives;  // validation_accuracy where the configuration gives none
  Constraints constraints;
  SearchBudget budget;
  int64_t workers = 0;  // 0: one a CPU core or GPU, counted over threads
  /// Where `workers` is 0. 0: as many as their measured memory allows.
  int64_t workers_per_gpu = 1;
  /// ask(n) has seen the results of trials 0 .. n - lag. 0: 1 for tables, 8 otherwise. Decides
  /// results, so it never depends on the number of workers.
  int64_t lag = 0;
  DataConfig data;
  ExecutionConfig execution;
  HardwareConfig hardware;
  /// What the workers of a search share; without a url trials are in the run's folder.
  StoreConfig store;
  /// Signal beside INT and TERM after which the state is saved: "USR2".
  std::string stop_signal = "USR2";
};

void describe(Section& section, ExperimentConfig& config);

}  // namespace nas

#pragma once

#include <cstdint>
#include <optional>

#include "nas/core/process_rank.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// Which of the processes this is that torchrun or srun started to train networks together; nothing
/// where the configuration has one process do it, or this machine start the others. Throws
/// UsageError where they started another number than the configuration asks for.
std::optional<ProcessRank> launched_together(const Experiment& experiment);
/// The same for `processes` of a training.
std::optional<ProcessRank> launched_together(int64_t processes);

/// How many train one supernet together.
int64_t searching_processes(const Experiment& experiment);
/// How many retrain one network together.
int64_t retraining_processes(const Experiment& experiment);

/// How long they wait for each other, in seconds; the longer time where they do both.
double together_patience(const Experiment& experiment);

/// Has `processes` do what the configuration has several do, or one.
void train_with_processes(Experiment& experiment, int64_t processes);

}  // namespace nas

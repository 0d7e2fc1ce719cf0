#pragma once

#include <cstdint>

namespace nas {

class Section;

/// Whose examples give a batch norm its statistics where several processes share a batch.
enum class NormStatistics { batch, process };

/// Several processes that train one network together, each with its part of every batch.
struct TogetherConfig {
  /// 1: one alone; 0: as many as torchrun or srun started.
  int64_t processes = 1;
  NormStatistics statistics = NormStatistics::batch;
  double patience = 600;  // seconds
};

void describe(Section& section, TogetherConfig& config);

}  // namespace nas

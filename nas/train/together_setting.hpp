#pragma once

#include <torch/types.h>

#include <cstdint>
#include <optional>

#include "nas/data/dataset.hpp"
#include "nas/train/together_config.hpp"

namespace nas {

class ProcessGroup;
struct SharedBatch;

/// The processes that train one network together; each makes the same training and calls the same
/// functions.
struct TogetherSetting {
  ProcessGroup* group = nullptr;  // outlives the training
  NormStatistics statistics = NormStatistics::batch;
};

/// This process' part of a batch of the examples `indices`; all of it where it is alone.
BatchPart part_of(const torch::Tensor& indices, int64_t batch_size,
                  const std::optional<TogetherSetting>& together);

/// What layers need to know of that part.
SharedBatch shared_batch(int64_t batch_size, const std::optional<TogetherSetting>& together);

/// Throws InputError where a batch has no example for one of the processes.
void check_parts(int64_t batch_size, const std::optional<TogetherSetting>& together);

}  // namespace nas

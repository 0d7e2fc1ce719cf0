#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "nas/search/evaluator.hpp"
#include "nas/train/checkpoint_config.hpp"
#include "nas/train/training.hpp"

namespace nas {

/// Steps until `epochs` are done or the monitor has it stop, with checkpoints in `folder`; nothing
/// on success. Throws Interrupted after saving.
std::optional<Failure> run_training(Training& training, int64_t epochs,
                                    const CheckpointConfig& checkpoints,
                                    const std::filesystem::path& folder, Monitor& monitor);

bool all_finite(const Metrics& metrics);

/// The Failure of a training whose numbers are not finite.
Failure diverged();

}  // namespace nas

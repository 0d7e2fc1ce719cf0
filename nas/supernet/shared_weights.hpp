#pragma once

#include <filesystem>

#include "nas/search/evaluator.hpp"
#include "nas/supernet/shared_network.hpp"

namespace nas {

/// The folder of the trial that trained the weights which the assignment's search shares: its
/// first.
std::filesystem::path shared_weights_folder(const Assignment& assignment);

/// Writes folder/supernet.safetensors, the weights and running statistics of all points of `space`.
void save_shared_weights(const std::filesystem::path& folder, const Space& space,
                         const SharedNetwork& network);

/// Copies them into `network`. Throws InputError where the file is missing, damaged or of other
/// weights.
void load_shared_weights(const std::filesystem::path& folder, SharedNetwork& network);

}  // namespace nas

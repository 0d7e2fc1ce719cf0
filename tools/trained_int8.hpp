#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "nas/quantize/quantize.hpp"

namespace nas {

/// Where a network that was trained for int8 comes from.
struct Int8Origin {
  std::string source;    // sha256 of the file of the float32 weights that it began with
  std::string training;  // identity of those and the training together
};

/// best/int8/weights.safetensors: what `nas quantize` trained.
void save_trained_int8(const std::filesystem::path& path, const TrainedQuantization& trained,
                       const Int8Origin& origin);

/// Nothing where there is none, or one of other weights. Throws InputError for a file that is none.
std::optional<TrainedQuantization> load_trained_int8(const std::filesystem::path& path,
                                                     const std::string& source);

/// Whether the file holds what this very training made.
bool holds_int8_of(const std::filesystem::path& path, const Int8Origin& origin);

}  // namespace nas

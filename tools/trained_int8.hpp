#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "nas/quantize/quantize.hpp"

namespace nas {

/// best/int8/weights.safetensors: what `nas quantize` trained. `source`: sha256 of the file of the
/// float32 weights that it began with.
void save_trained_int8(const std::filesystem::path& path, const TrainedQuantization& trained,
                       const std::string& source);

/// Nothing where there is none, or one of other weights. Throws InputError for a file that is none.
std::optional<TrainedQuantization> load_trained_int8(const std::filesystem::path& path,
                                                     const std::string& source);

}  // namespace nas

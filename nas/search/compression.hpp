#pragma once

#include <optional>
#include <string_view>

#include "nas/plan/compression.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// The setting of a point that says how its network is made smaller, as the text of a Compression.
constexpr std::string_view kCompression = "compression";

/// How a point's network is made smaller; nothing where the point does not say. Throws InputError.
std::optional<Compression> compression_of(const Space& space, const Point& point);

/// Whether the space's points say it.
bool compresses(const Space& space);

/// What a point says of the training alone.
Settings training_settings(const Space& space, const Point& point);

}  // namespace nas

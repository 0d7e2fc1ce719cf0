#pragma once

#include <optional>

#include "nas/export/footprint.hpp"
#include "nas/plan/compression.hpp"

namespace nas {

/// What a network takes on a device without an operating system once it is quantized: bytes of the
/// C export in int8, the arena with its input. The same before and after any training: it depends
/// on no weight and no value. Nothing where a layer has no form in whole numbers.
std::optional<Footprint> int8_footprint(const NetworkPlan& plan, const Shape& input,
                                        const WeightBits& bits);

}  // namespace nas

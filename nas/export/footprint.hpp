#pragma once

#include <cstdint>

#include "nas/export/trained_network.hpp"

namespace nas {

/// What a network takes on a device without an operating system: bytes of the C export in float32.
struct Footprint {
  /// Constant data: weights with batch norms folded; not the code, some kilobytes.
  int64_t flash = 0;
  /// The arena; not the stack, some hundred bytes, nor input and output, which the caller owns.
  int64_t ram = 0;
};

/// Which numbers a network has does not depend on their values.
Weights weights_of_zeros(const NetworkPlan& plan);

Footprint footprint(const NetworkPlan& plan, const Shape& input);

}  // namespace nas

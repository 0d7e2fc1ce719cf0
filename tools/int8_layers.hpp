#pragma once

#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/quantize/layer_errors.hpp"
#include "tools/assemble.hpp"

namespace nas {

/// What int8 does to each layer with weights: [{"name", "layer", "range": [low, high],
/// "values_db", "weights_db" (signal to noise; null: nothing is lost), "beyond_percent",
/// "sensitivity"}]. Sensitivity is the mean squared change of the scores when this layer's weights
/// alone are rounded, over the scores' variance. `samples` [samples, C, H, W], normalised.
Json int8_layer_report(const QuantizedNetwork& network, const std::vector<float>& samples,
                       const TensorParts& parts);

}  // namespace nas

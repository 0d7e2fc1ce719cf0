#pragma once

#include "nas/export/onnx_model.hpp"

namespace nas {

/// Gives the values and constants of a model short names, but for its input and its output.
/// Operators keep theirs. Long names are a quarter of the file of a small int8 network.
void shorten_value_names(OnnxModel& model);

}  // namespace nas

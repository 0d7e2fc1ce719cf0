#pragma once

#include <string>

#include "nas/plan/layer.hpp"

namespace nas {

/// The layer with its settings in one line, equal for equal layers: "convolution 16 to 32, kernel
/// 3x3, stride 2, padding 1x1, dilation 1, groups 1".
std::string to_text(const Layer& layer);

}  // namespace nas

#pragma once

#include <cstdint>
#include <string>

#include "nas/data/image_decode.hpp"

namespace nas {

/// Throws InputError where a picture is empty or too large to be taken.
void check_picture_size(int64_t height, int64_t width, const std::string& name);

/// [H, W, 3] to [H, W, 1] with the weights that JPEG's brightness has (ITU-R BT.601), to the
/// nearest.
Picture grey_of(const Picture& colours);

Picture decode_jpeg(const std::string& bytes, int64_t channels, const std::string& name);
Shape jpeg_shape(const std::string& bytes, int64_t channels, const std::string& name);
Picture decode_png(const std::string& bytes, int64_t channels, const std::string& name);
Shape png_shape(const std::string& bytes, int64_t channels, const std::string& name);

}  // namespace nas

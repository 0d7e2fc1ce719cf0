#pragma once

#include <cstdint>
#include <string>

#include "nas/data/image_decode.hpp"

namespace nas {

/// Throws InputError where a picture is empty or too large to be taken.
void check_picture_size(int64_t height, int64_t width, const std::string& name);

Picture decode_jpeg(const std::string& bytes, int64_t channels, const std::string& name);
Shape jpeg_shape(const std::string& bytes, int64_t channels, const std::string& name);
Picture decode_png(const std::string& bytes, int64_t channels, const std::string& name);
Shape png_shape(const std::string& bytes, int64_t channels, const std::string& name);

}  // namespace nas

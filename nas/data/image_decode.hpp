#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// A decoded picture, [H, W, C] with C 1 (grey) or 3 (RGB).
struct Picture {
  int64_t height = 0;
  int64_t width = 0;
  int64_t channels = 0;
  std::vector<uint8_t> pixels;
};

/// True for names that end in .jpg, .jpeg or .png in any case.
bool is_picture_name(const std::string& name);

/// Decodes JPEG or PNG, told apart by content. `channels` 1 or 3 converts; 16 bits become 8, what
/// is said of transparency and gamma is passed over, inks (CMYK) become the colours they look like.
/// Throws InputError, naming `name`, for anything else, for damaged or truncated files, for sides
/// over 16,384 or more than 64 million pixels (checked before allocating), and for a JPEG of more
/// than 100 scans.
Picture decode_picture(const std::string& bytes, int64_t channels, const std::string& name);

/// Sides alone, from the file's header. Throws as decode_picture does.
Shape picture_shape(const std::string& bytes, int64_t channels, const std::string& name);

/// Scales to shape.height x shape.width, where they differ, by a triangle filter as wide as the
/// reduction (bilinear with anti-aliasing), and writes [C, H, W] to `out`.
void scale_picture(const Picture& picture, const Shape& shape, uint8_t* out);

}  // namespace nas

#include "nas/data/image_decode.hpp"

#include <algorithm>
#include <array>

#include <cmath>
#include <string_view>

#include "nas/core/error.hpp"
#include "nas/core/lower_case.hpp"
#include "nas/data/codecs.hpp"

namespace nas {
namespace {

constexpr int64_t kLargestSide = 16384;
constexpr int64_t kMostPixels = 64'000'000;

size_t at(int64_t index) { return static_cast<size_t>(index); }

enum class Codec { jpeg, png };

Codec codec_of(const std::string& bytes, const std::string& name) {
  constexpr std::string_view kJpeg("\xFF\xD8\xFF", 3);
  constexpr std::string_view kPng("\x89PNG\r\n\x1A\n", 8);
  if (bytes.starts_with(kJpeg)) return Codec::jpeg;
  if (bytes.starts_with(kPng)) return Codec::png;
  throw InputError("picture '" + name + "': expected JPEG or PNG, found " +
                   (bytes.empty() ? "an empty file" : "something else"));
}

/// Which inputs one output coordinate reads, and how much of each.
struct Tap {
  int64_t first = 0;
  std::vector<float> weights;
};

std::vector<Tap> triangle_taps(int64_t from, int64_t to) {
  const double scale = static_cast<double>(from) / static_cast<double>(to);
  const double support = std::max(1.0, scale);
  std::vector<Tap> taps(at(to));
  for (int64_t i = 0; i < to; ++i) {
    const double center = (static_cast<double>(i) + 0.5) * scale - 0.5;
    const auto first = std::max<int64_t>(0, std::llround(std::floor(center - support)) + 1);
    const auto last = std::min<int64_t>(from - 1, std::llround(std::ceil(center + support)) - 1);
    Tap& tap = taps[at(i)];
    tap.first = first;
    double total = 0;
    for (int64_t j = first; j <= last; ++j) {
      total += 1 - std::abs(static_cast<double>(j) - center) / support;
    }
    for (int64_t j = first; j <= last; ++j) {
      const double weight = 1 - std::abs(static_cast<double>(j) - center) / support;
      tap.weights.push_back(static_cast<float>(weight / total));
    }
  }
  return taps;
}

/// Rows of [height, width, channels] scaled to `taps.size()` columns.
std::vector<float> scale_columns(const Picture& picture, const std::vector<Tap>& taps) {
  std::vector<float> result;
  result.reserve(at(picture.height * picture.channels) * taps.size());
  for (int64_t y = 0; y < picture.height; ++y) {
    for (const Tap& tap : taps) {
      for (int64_t c = 0; c < picture.channels; ++c) {
        float sum = 0;
        int64_t pixel = (y * picture.width + tap.first) * picture.channels + c;
        for (const float weight : tap.weights) {
          sum += weight * static_cast<float>(picture.pixels[at(pixel)]);
          pixel += picture.channels;
        }
        result.push_back(sum);
      }
    }
  }
  return result;
}

void copy_planes(const Picture& picture, uint8_t* out) {
  const int64_t area = picture.height * picture.width;
  for (int64_t c = 0; c < picture.channels; ++c) {
    for (int64_t i = 0; i < area; ++i) *out++ = picture.pixels[at(i * picture.channels + c)];
  }
}

}  // namespace

void check_picture_size(int64_t height, int64_t width, const std::string& name) {
  const bool fits = height > 0 && width > 0 && height <= kLargestSide && width <= kLargestSide &&
                    height * width <= kMostPixels;
  if (fits) return;
  throw InputError("picture '" + name + "': found " + std::to_string(width) + " x " +
                   std::to_string(height) + " pixels, expected sides of 1 to " +
                   std::to_string(kLargestSide) + " and at most 64 million pixels");
}

Picture grey_of(const Picture& colours) {
  // In 65,536ths, of which there are that many in all.
  constexpr uint32_t kRed = 19595;
  constexpr uint32_t kGreen = 38470;
  constexpr uint32_t kBlue = 7471;
  Picture grey{colours.height, colours.width, 1, {}};
  grey.pixels.reserve(at(grey.height * grey.width));
  for (size_t i = 0; i < colours.pixels.size(); i += 3) {
    const uint8_t* pixel = colours.pixels.data() + i;
    const uint32_t sum = pixel[0] * kRed + pixel[1] * kGreen + pixel[2] * kBlue;
    grey.pixels.push_back(static_cast<uint8_t>((sum + 0x8000) >> 16));
  }
  return grey;
}

bool is_picture_name(const std::string& name) {
  const std::string lower = lower_case(name);
  return lower.ends_with(".jpg") || lower.ends_with(".jpeg") || lower.ends_with(".png");
}

Picture decode_picture(const std::string& bytes, int64_t channels, const std::string& name) {
  return codec_of(bytes, name) == Codec::jpeg ? decode_jpeg(bytes, channels, name)
                                              : decode_png(bytes, channels, name);
}

Shape picture_shape(const std::string& bytes, int64_t channels, const std::string& name) {
  return codec_of(bytes, name) == Codec::jpeg ? jpeg_shape(bytes, channels, name)
                                              : png_shape(bytes, channels, name);
}

void scale_picture(const Picture& picture, const Shape& shape, uint8_t* out) {
  if (picture.height == shape.height && picture.width == shape.width) {
    copy_planes(picture, out);
    return;
  }
  const std::vector<float> wide = scale_columns(picture, triangle_taps(picture.width, shape.width));
  const std::vector<Tap> taps = triangle_taps(picture.height, shape.height);
  const int64_t row = shape.width * picture.channels;
  for (int64_t c = 0; c < picture.channels; ++c) {
    for (const Tap& tap : taps) {
      for (int64_t x = 0; x < shape.width; ++x) {
        float sum = 0;
        int64_t value = tap.first * row + x * picture.channels + c;
        for (const float weight : tap.weights) {
          sum += weight * wide[at(value)];
          value += row;
        }
        *out++ = static_cast<uint8_t>(std::clamp(std::lround(sum), 0L, 255L));
      }
    }
  }
}

}  // namespace nas

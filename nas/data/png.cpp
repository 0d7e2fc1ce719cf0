#include <png.h>

#include "nas/core/error.hpp"
#include "nas/data/codecs.hpp"

namespace nas {
namespace {

/// Freed also where the reader's constructor throws.
struct Image {
  Image() { png.version = PNG_IMAGE_VERSION; }
  ~Image() { png_image_free(&png); }
  Image(const Image&) = delete;
  Image& operator=(const Image&) = delete;
  png_image png{};
};

class PngReader {
 public:
  PngReader(const std::string& bytes, int64_t channels, const std::string& name)
      : channels_(channels), name_(name) {
    if (png_image_begin_read_from_memory(&image_.png, bytes.data(), bytes.size()) == 0) fail();
    check_picture_size(shape().height, shape().width, name_);
  }

  Shape shape() const {
    return {channels_, static_cast<int64_t>(image_.png.height),
            static_cast<int64_t>(image_.png.width)};
  }

  Picture read_pixels() {
    image_.png.format = channels_ == 1 ? PNG_FORMAT_GRAY : PNG_FORMAT_RGB;
    Picture picture{shape().height, shape().width, channels_, {}};
    picture.pixels.resize(static_cast<size_t>(picture.height * picture.width * channels_));
    const png_color black{0, 0, 0};
    if (png_image_finish_read(&image_.png, &black, picture.pixels.data(), 0, nullptr) == 0) fail();
    return picture;
  }

 private:
  [[noreturn]] void fail() const {
    throw InputError("picture '" + name_ + "': not a whole PNG: " + image_.png.message);
  }

  Image image_;
  int64_t channels_;
  const std::string& name_;
};

}  // namespace

Picture decode_png(const std::string& bytes, int64_t channels, const std::string& name) {
  return PngReader(bytes, channels, name).read_pixels();
}

Shape png_shape(const std::string& bytes, int64_t channels, const std::string& name) {
  return PngReader(bytes, channels, name).shape();
}

}  // namespace nas

#include <png.h>

#include <algorithm>
#include <array>
#include <csetjmp>
#include <string_view>

#include "nas/core/error.hpp"
#include "nas/data/codecs.hpp"

namespace nas {
namespace {

/// libpng reports through callbacks that must not return; they jump back to where reading began.
struct PngErrors {
  std::jmp_buf back;
  std::array<char, 256> message;
};

void on_png_error(png_structp png, png_const_charp text) {
  auto* errors = static_cast<PngErrors*>(png_get_error_ptr(png));
  const std::string_view shown = std::string_view(text).substr(0, errors->message.size() - 1);
  *std::copy(shown.begin(), shown.end(), errors->message.begin()) = '\0';
  std::longjmp(errors->back, 1);
}

/// Of chunks that tell nothing about the pixels.
void ignore_png_warning(png_structp, png_const_charp) {}

void read_bytes(png_structp png, png_bytep out, size_t count) {
  auto& rest = *static_cast<std::string_view*>(png_get_io_ptr(png));
  if (count > rest.size()) png_error(png, "read beyond end of data");
  std::copy_n(rest.begin(), count, out);
  rest.remove_prefix(count);
}

class PngReader {
 public:
  PngReader(const std::string& bytes, int64_t channels, const std::string& name)
      : rest_(bytes), channels_(channels), name_(name) {
    png_ =
        png_create_read_struct(PNG_LIBPNG_VER_STRING, &errors_, on_png_error, ignore_png_warning);
    info_ = png_create_info_struct(png_);
  }
  ~PngReader() { png_destroy_read_struct(&png_, &info_, nullptr); }
  PngReader(const PngReader&) = delete;
  PngReader& operator=(const PngReader&) = delete;

  Shape read_header() {
    if (info_ == nullptr || !guarded_header()) fail();
    const Shape shape{channels_, static_cast<int64_t>(png_get_image_height(png_, info_)),
                      static_cast<int64_t>(png_get_image_width(png_, info_))};
    check_picture_size(shape.height, shape.width, name_);
    return shape;
  }

  /// Colours are read as such, and mixed to grey afterwards where that is asked for.
  Picture read_pixels(const Shape& shape) {
    const bool colours = (png_get_color_type(png_, info_) & PNG_COLOR_MASK_COLOR) != 0;
    Picture picture{shape.height, shape.width, colours ? 3 : channels_, {}};
    picture.pixels.resize(static_cast<size_t>(shape.height * shape.width * picture.channels));
    if (!guarded_pixels(picture)) fail();
    if (picture.channels != channels_) return grey_of(picture);
    return picture;
  }

 private:
  // No object with a destructor may live in a function that longjmp leaves or returns to.
  bool guarded_header() {
    if (setjmp(errors_.back) != 0) return false;
    png_set_read_fn(png_, &rest_, read_bytes);
    // Values stay as they are stored: what chunks say of gamma and profiles is passed over, and so
    // are texts, which may take a thousand times their size.
    png_set_keep_unknown_chunks(png_, PNG_HANDLE_CHUNK_NEVER, nullptr, -1);
    png_set_benign_errors(png_, 1);
    png_read_info(png_, info_);
    return true;
  }

  bool guarded_pixels(Picture& picture) {
    if (setjmp(errors_.back) != 0) return false;
    png_set_scale_16(png_);
    png_set_expand(png_);  // palettes, and greys of fewer bits
    png_set_strip_alpha(png_);
    if (picture.channels == 3) png_set_gray_to_rgb(png_);
    const int passes = png_set_interlace_handling(png_);
    png_read_update_info(png_, info_);
    const auto row_bytes = static_cast<size_t>(picture.width * picture.channels);
    if (png_get_rowbytes(png_, info_) != row_bytes) png_error(png_, "rows of another size");
    for (int pass = 0; pass < passes; ++pass) {
      uint8_t* row = picture.pixels.data();
      for (int64_t y = 0; y < picture.height; ++y, row += row_bytes) {
        png_read_row(png_, row, nullptr);
      }
    }
    return true;
  }

  [[noreturn]] void fail() const {
    throw InputError("picture '" + name_ + "': not a whole PNG: " + errors_.message.data());
  }

  std::string_view rest_;
  int64_t channels_;
  const std::string& name_;
  PngErrors errors_{};
  png_structp png_ = nullptr;
  png_infop info_ = nullptr;
};

}  // namespace

Picture decode_png(const std::string& bytes, int64_t channels, const std::string& name) {
  PngReader reader(bytes, channels, name);
  return reader.read_pixels(reader.read_header());
}

Shape png_shape(const std::string& bytes, int64_t channels, const std::string& name) {
  return PngReader(bytes, channels, name).read_header();
}

}  // namespace nas

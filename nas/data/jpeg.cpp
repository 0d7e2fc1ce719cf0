#include <csetjmp>
#include <cstdio>
// jpeglib.h uses what stdio.h declares.
#include <jpeglib.h>
// Numbers of libjpeg's messages.
#include <jerror.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/data/codecs.hpp"

namespace nas {
namespace {

/// libjpeg reports through callbacks that must not return; they jump back to where decoding began.
struct ErrorState {
  jpeg_error_mgr manager;
  std::jmp_buf back;
  std::array<char, JMSG_LENGTH_MAX> message;
};

ErrorState* state_of(j_common_ptr info) {
  // `manager` is the first member, so both have one address.
  return reinterpret_cast<ErrorState*>(info->err);
}

void on_error(j_common_ptr info) {
  ErrorState* state = state_of(info);
  info->err->format_message(info, state->message.data());
  std::longjmp(state->back, 1);
}

/// Warnings mean that the data is damaged but can be guessed at; where data is missing, don't.
void on_message(j_common_ptr info, int level) {
  const int code = info->err->msg_code;
  if (level < 0 && (code == JWRN_JPEG_EOF || code == JWRN_HIT_MARKER)) on_error(info);
}

void ignore_message(j_common_ptr) {}

/// Each scan of a progressive picture passes over all of it, and may take a few bytes of the file.
/// Usual are about ten.
constexpr int kMostScans = 100;

void on_progress(j_common_ptr info) {
  if (reinterpret_cast<j_decompress_ptr>(info)->input_scan_number <= kMostScans) return;
  constexpr std::string_view kMessage = "more than 100 scans";
  ErrorState* state = state_of(info);
  *std::copy(kMessage.begin(), kMessage.end(), state->message.begin()) = '\0';
  std::longjmp(state->back, 1);
}

constexpr size_t kInks = 4;  // cyan, magenta, yellow and black

/// What is left of the light behind two filters, each from 0 (none of it) to 255.
uint8_t through_both(int one, int other) { return static_cast<uint8_t>((one * other + 127) / 255); }

/// Row of [W, 4] as print programs store it, what an ink lets through and not how much of it there
/// is, to [W, 3].
void mix_inks(const std::vector<uint8_t>& row, uint8_t* out) {
  for (size_t i = 0; i < row.size(); i += kInks) {
    for (size_t c = 0; c < 3; ++c) *out++ = through_both(row[i + c], row[i + 3]);
  }
}

class JpegReader {
 public:
  JpegReader(const std::string& bytes, int64_t channels, const std::string& name)
      : bytes_(bytes), channels_(channels), name_(name) {
    info_.err = jpeg_std_error(&errors_.manager);
    errors_.manager.error_exit = on_error;
    errors_.manager.emit_message = on_message;
    errors_.manager.output_message = ignore_message;
    progress_.progress_monitor = on_progress;
  }
  ~JpegReader() { jpeg_destroy_decompress(&info_); }
  JpegReader(const JpegReader&) = delete;
  JpegReader& operator=(const JpegReader&) = delete;

  Shape read_header() {
    if (!guarded_header()) fail();
    const Shape shape{channels_, static_cast<int64_t>(info_.image_height),
                      static_cast<int64_t>(info_.image_width)};
    check_picture_size(shape.height, shape.width, name_);
    return shape;
  }

  /// Of inks colours are made first, and grey of these.
  Picture read_pixels(const Shape& shape) {
    Picture picture{shape.height, shape.width, has_inks() ? 3 : channels_, {}};
    picture.pixels.resize(static_cast<size_t>(shape.height * shape.width * picture.channels));
    if (has_inks()) inks_.resize(static_cast<size_t>(shape.width) * kInks);
    if (!guarded_pixels(picture)) fail();
    if (picture.channels != channels_) return grey_of(picture);
    return picture;
  }

 private:
  // No object with a destructor may live in a function that longjmp leaves or returns to.
  bool guarded_header() {
    if (setjmp(errors_.back) != 0) return false;
    jpeg_create_decompress(&info_);
    jpeg_mem_src(&info_, reinterpret_cast<const unsigned char*>(bytes_.data()), bytes_.size());
    info_.progress = &progress_;
    jpeg_read_header(&info_, TRUE);
    return true;
  }

  bool guarded_pixels(Picture& picture) {
    if (setjmp(errors_.back) != 0) return false;
    info_.out_color_space = has_inks() ? JCS_CMYK : picture.channels == 1 ? JCS_GRAYSCALE : JCS_RGB;
    jpeg_start_decompress(&info_);
    const size_t row_bytes =
        static_cast<size_t>(info_.output_width) * static_cast<size_t>(picture.channels);
    while (info_.output_scanline < info_.output_height) {
      uint8_t* out = picture.pixels.data() + info_.output_scanline * row_bytes;
      JSAMPROW row = has_inks() ? inks_.data() : out;
      jpeg_read_scanlines(&info_, &row, 1);
      if (has_inks()) mix_inks(inks_, out);
    }
    jpeg_finish_decompress(&info_);
    return true;
  }

  /// As those that are made for print.
  bool has_inks() const {
    return info_.jpeg_color_space == JCS_CMYK || info_.jpeg_color_space == JCS_YCCK;
  }

  [[noreturn]] void fail() const {
    throw InputError("picture '" + name_ + "': not a whole JPEG: " + errors_.message.data());
  }

  const std::string& bytes_;
  int64_t channels_;
  const std::string& name_;
  jpeg_decompress_struct info_{};
  ErrorState errors_{};
  jpeg_progress_mgr progress_{};
  std::vector<uint8_t> inks_;  // a row
};

}  // namespace

Picture decode_jpeg(const std::string& bytes, int64_t channels, const std::string& name) {
  JpegReader reader(bytes, channels, name);
  return reader.read_pixels(reader.read_header());
}

Shape jpeg_shape(const std::string& bytes, int64_t channels, const std::string& name) {
  return JpegReader(bytes, channels, name).read_header();
}

}  // namespace nas

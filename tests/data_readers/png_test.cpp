#include <zlib.h>

#include <array>

#include "nas/core/error.hpp"
#include "nas/data/image_decode.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using Pixels = std::vector<uint8_t>;

/// A PNG made by hand, as no writer makes all of these.
struct Png {
  uint32_t height;
  uint32_t width;
  uint8_t bits;         // of a value
  uint8_t colour_type;  // 0 grey, 2 RGB, 3 palette, 4 grey and alpha, 6 RGB and alpha
  std::string rows;     // as they are stored, without their filters
  std::vector<std::pair<std::string, std::string>> chunks = {};  // before the pixels
};

std::string number(uint32_t value) {
  std::string bytes;
  for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(value >> shift);
  return bytes;
}

std::string chunk(const std::string& kind, const std::string& content) {
  const std::string summed = kind + content;
  const auto sum = static_cast<uint32_t>(crc32(
      0, reinterpret_cast<const unsigned char*>(summed.data()), static_cast<uInt>(summed.size())));
  return number(static_cast<uint32_t>(content.size())) + summed + number(sum);
}

std::string packed(const std::string& text) {
  uLongf size = compressBound(text.size());
  std::string bytes(size, '\0');
  compress(reinterpret_cast<Bytef*>(bytes.data()), &size,
           reinterpret_cast<const Bytef*>(text.data()), text.size());
  bytes.resize(size);
  return bytes;
}

/// `stored`: the rows of all passes, each behind its filter.
std::string written(const Png& png, const std::string& stored, char interlace) {
  const std::string form{static_cast<char>(png.bits), static_cast<char>(png.colour_type), 0, 0,
                         interlace};
  std::string bytes("\x89PNG\r\n\x1A\n", 8);
  bytes += chunk("IHDR", number(png.width) + number(png.height) + form);
  for (const auto& [kind, content] : png.chunks) bytes += chunk(kind, content);
  return bytes + chunk("IDAT", packed(stored)) + chunk("IEND", "");
}

std::string written(const Png& png) {
  const size_t row = png.rows.size() / png.height;
  std::string stored;
  for (size_t at = 0; at < png.rows.size(); at += row) stored += '\0' + png.rows.substr(at, row);
  return written(png, stored, 0);
}

/// In the seven passes of Adam7, each with every so many pixels from a first one on; of whole
/// bytes.
std::string interlaced(const Png& png) {
  struct Pass {
    size_t x, y, right, down;
  };
  constexpr std::array<Pass, 7> kPasses{{{0, 0, 8, 8},
                                         {4, 0, 8, 8},
                                         {0, 4, 4, 8},
                                         {2, 0, 4, 4},
                                         {0, 2, 2, 4},
                                         {1, 0, 2, 2},
                                         {0, 1, 1, 2}}};
  const size_t pixel = png.rows.size() / png.height / png.width;
  std::string stored;
  for (const Pass& pass : kPasses) {
    if (pass.x >= png.width) continue;
    for (size_t y = pass.y; y < png.height; y += pass.down) {
      stored += '\0';
      for (size_t x = pass.x; x < png.width; x += pass.right) {
        stored += png.rows.substr((y * png.width + x) * pixel, pixel);
      }
    }
  }
  return written(png, stored, 1);
}

std::string bytes_of(const Pixels& values) { return {values.begin(), values.end()}; }

Pixels decoded(const std::string& png, int64_t channels) {
  const Picture picture = decode_picture(png, channels, "a.png");
  REQUIRE(picture.channels == channels);
  REQUIRE(picture_shape(png, channels, "a.png") == Shape{channels, picture.height, picture.width});
  return picture.pixels;
}

}  // namespace

TEST_CASE("values of a PNG are read as they are stored, whatever it says of gamma", "[data]") {
  const Pixels values{0, 1, 64, 128, 254, 255};
  const auto gamma = GENERATE(0U, 45455U, 100000U, 220000U);
  Png grey{1, 6, 8, 0, bytes_of(values)};
  Png colours{1, 2, 8, 2, bytes_of(values)};
  if (gamma != 0) grey.chunks = colours.chunks = {{"gAMA", number(gamma)}};
  CHECK(decoded(written(grey), 1) == values);
  CHECK(decoded(written(colours), 3) == values);
}

TEST_CASE("16 bits of a PNG become the nearest 8", "[data]") {
  const Png grey{1, 4, 16, 0, std::string("\0\x80\0\x81\x80\x00\xFF\x7F", 8)};
  CHECK(decoded(written(grey), 1) == Pixels{0, 1, 128, 255});
  CHECK(decoded(written(grey), 3) == Pixels{0, 0, 0, 1, 1, 1, 128, 128, 128, 255, 255, 255});
  const Png colours{1, 1, 16, 2, std::string("\x10\x00\x20\x00\x30\x00", 6)};
  CHECK(decoded(written(colours), 3) == Pixels{16, 32, 48});
}

TEST_CASE("what a PNG says of transparency is dropped", "[data]") {
  const Png clear{1, 2, 8, 6, bytes_of({200, 100, 50, 0, 1, 2, 3, 128})};
  CHECK(decoded(written(clear), 3) == Pixels{200, 100, 50, 1, 2, 3});
  CHECK(decoded(written(clear), 1) == Pixels{124, 2});
  CHECK(decoded(written({1, 2, 8, 4, bytes_of({200, 0, 7, 9})}), 1) == Pixels{200, 7});
  CHECK(decoded(written({1, 1, 16, 4, bytes_of({200, 0, 0, 0})}), 3) == Pixels{199, 199, 199});
  const Png one_grey{1, 2, 8, 0, bytes_of({5, 6}), {{"tRNS", bytes_of({0, 5})}}};
  CHECK(decoded(written(one_grey), 1) == Pixels{5, 6});
  CHECK(decoded(written(one_grey), 3) == Pixels{5, 5, 5, 6, 6, 6});
  const Png one_colour{1, 1, 8, 2, bytes_of({5, 6, 7}), {{"tRNS", bytes_of({0, 5, 0, 6, 0, 7})}}};
  CHECK(decoded(written(one_colour), 3) == Pixels{5, 6, 7});
}

TEST_CASE("palettes and greys of few bits are expanded", "[data]") {
  const std::string palette = bytes_of({10, 20, 30, 40, 50, 60});
  Png two{1, 3, 1, 3, bytes_of({0b01000000}), {{"PLTE", palette}}};
  const Pixels colours{10, 20, 30, 40, 50, 60, 10, 20, 30};
  CHECK(decoded(written(two), 3) == colours);
  CHECK(decoded(written(two), 1) == Pixels{18, 48, 18});
  two.chunks.emplace_back("tRNS", bytes_of({0, 128}));
  CHECK(decoded(written(two), 3) == colours);
  CHECK(decoded(written({1, 3, 1, 0, bytes_of({0b01000000})}), 1) == Pixels{0, 255, 0});
  CHECK(decoded(written({1, 3, 2, 0, bytes_of({0b00011000})}), 1) == Pixels{0, 85, 170});
  CHECK(decoded(written({1, 2, 4, 0, bytes_of({0x1F})}), 3) == Pixels{17, 17, 17, 255, 255, 255});
}

TEST_CASE("colours become grey by their brightness", "[data]") {
  const Pixels colours{255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 90, 91, 93};
  CHECK(decoded(written({1, 5, 8, 2, bytes_of(colours)}), 1) == Pixels{76, 150, 29, 255, 91});
}

TEST_CASE("interlaced pictures are read as others", "[data]") {
  const auto sides = GENERATE(std::pair(9U, 11U), std::pair(1U, 3U), std::pair(8U, 1U));
  Pixels values(size_t{sides.first} * sides.second * 4);
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<uint8_t>(i * 37);
  const Png picture{sides.first, sides.second, 8, 6, bytes_of(values)};
  CHECK(decoded(interlaced(picture), 3) == decoded(written(picture), 3));
  CHECK(decoded(interlaced(picture), 1) == decoded(written(picture), 1));
}

TEST_CASE("a PNG that lacks its palette or rows is refused", "[data]") {
  CHECK_THROWS_WITH(decoded(written({1, 3, 1, 3, bytes_of({0})}), 3),
                    ContainsSubstring("picture 'a.png': not a whole PNG: "));
  CHECK_THROWS_WITH(decoded(written({2, 1, 8, 0, bytes_of({1, 2})}, std::string(3, '\0'), 0), 3),
                    ContainsSubstring("not a whole PNG: "));
}

}  // namespace nas

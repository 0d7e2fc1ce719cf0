#include <zlib.h>

#include <cstdlib>

#include "nas/core/error.hpp"
#include "nas/data/image_decode.hpp"
#include "tests/data_readers/files.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

using test::jpeg_of;
using test::plain_png;
using test::png_of;

std::vector<uint8_t> ramp(size_t count) {
  std::vector<uint8_t> pixels(count);
  for (size_t i = 0; i < count; ++i) pixels[i] = static_cast<uint8_t>(i * 7);
  return pixels;
}

std::vector<uint8_t> scaled(const Picture& picture, int64_t height, int64_t width) {
  std::vector<uint8_t> out(static_cast<size_t>(picture.channels * height * width));
  scale_picture(picture, {picture.channels, height, width}, out.data());
  return out;
}

/// Sets the width and height that a PNG's header claims, with a right checksum.
std::string with_claimed_size(std::string png, uint32_t side) {
  for (size_t i = 0; i < 4; ++i) {
    png[16 + i] = static_cast<char>(side >> (24 - 8 * i));
    png[20 + i] = png[16 + i];
  }
  const auto checksum =
      static_cast<uint32_t>(crc32(0, reinterpret_cast<const unsigned char*>(&png[12]), 17));
  for (size_t i = 0; i < 4; ++i) png[29 + i] = static_cast<char>(checksum >> (24 - 8 * i));
  return png;
}

/// First the means, then one coefficient a scan, twice each: its upper bits and its last one.
std::string jpeg_of_scans(int scans) {
  std::vector<jpeg_scan_info> list{{1, {0}, 0, 0, 0, 0}};
  for (int i = 1; i < scans; ++i) {
    const int place = (i + 1) / 2;
    list.push_back(i % 2 == 1 ? jpeg_scan_info{1, {0}, place, place, 0, 1}
                              : jpeg_scan_info{1, {0}, place, place, 1, 0});
  }
  return jpeg_of(ramp(64), 8, 8, 1, {list, JCS_UNKNOWN});
}

}  // namespace

TEST_CASE("a PNG comes back as it was written", "[data]") {
  const auto pixels = ramp(5 * 3 * 3);
  const Picture picture = decode_picture(png_of(pixels, 5, 3, 3), 3, "a.png");
  REQUIRE(picture.height == 5);
  REQUIRE(picture.width == 3);
  REQUIRE(picture.pixels == pixels);
  REQUIRE(picture_shape(png_of(pixels, 5, 3, 3), 3, "a.png") == Shape{3, 5, 3});
}

TEST_CASE("pictures become grey or RGB as asked for", "[data]") {
  const Picture rgb = decode_picture(plain_png(77, 4, 1), 3, "grey.png");
  REQUIRE(rgb.pixels == std::vector<uint8_t>(48, 77));
  const Picture grey = decode_picture(plain_png(77, 4, 3), 1, "rgb.png");
  REQUIRE(grey.pixels == std::vector<uint8_t>(16, 77));
}

TEST_CASE("a JPEG comes back nearly as it was written", "[data]") {
  const std::vector<uint8_t> pixels(16 * 8 * 3, 120);
  const Picture picture = decode_picture(jpeg_of(pixels, 16, 8, 3), 3, "a.jpg");
  REQUIRE(picture.height == 16);
  REQUIRE(picture.width == 8);
  for (const uint8_t value : picture.pixels) REQUIRE(std::abs(value - 120) <= 2);
  const Picture grey = decode_picture(jpeg_of(pixels, 16, 8, 3), 1, "a.jpg");
  REQUIRE(grey.pixels.size() == 128);
  REQUIRE(decode_picture(jpeg_of(grey.pixels, 16, 8, 1), 3, "grey.jpg").pixels.size() == 384);
}

TEST_CASE("a JPEG in inks becomes the colours that these look like", "[data]") {
  std::vector<uint8_t> inks;
  for (int i = 0; i < 64; ++i) inks.insert(inks.end(), {255, 128, 0, 200});  // let through
  for (const J_COLOR_SPACE stored : {JCS_CMYK, JCS_YCCK}) {
    const std::string jpeg = jpeg_of(inks, 8, 8, 4, {{}, stored});
    const Picture picture = decode_picture(jpeg, 3, "a.jpg");
    REQUIRE(picture.pixels.size() == 192);
    for (size_t i = 0; i < 192; i += 3) {
      REQUIRE(std::abs(picture.pixels[i] - 200) <= 3);
      REQUIRE(std::abs(picture.pixels[i + 1] - 100) <= 3);
      REQUIRE(std::abs(picture.pixels[i + 2] - 0) <= 3);
    }
    const Picture grey = decode_picture(jpeg, 1, "a.jpg");
    REQUIRE(grey.pixels.size() == 64);
    for (const uint8_t value : grey.pixels) REQUIRE(std::abs(value - 119) <= 3);
    REQUIRE(picture_shape(jpeg, 3, "a.jpg") == Shape{3, 8, 8});
  }
}

TEST_CASE("a progressive JPEG is read unless its scans are far more than usual", "[data]") {
  REQUIRE(decode_picture(jpeg_of_scans(11), 1, "a.jpg").pixels.size() == 64);
  REQUIRE_THROWS_WITH(decode_picture(jpeg_of_scans(127), 1, "a.jpg"),
                      ContainsSubstring("more than 100 scans"));
}

TEST_CASE("scaling keeps plain colours, means and order of planes", "[data]") {
  const Picture plain{6, 4, 1, std::vector<uint8_t>(24, 200)};
  REQUIRE(scaled(plain, 3, 9) == std::vector<uint8_t>(27, 200));
  const Picture colours{1, 2, 3, {1, 2, 3, 4, 5, 6}};
  REQUIRE(scaled(colours, 1, 2) == std::vector<uint8_t>{1, 4, 2, 5, 3, 6});
  // Stripes narrower than an output pixel become their mean, not one of their colours.
  Picture stripes{8, 64, 1, {}};
  for (int i = 0; i < 8 * 64; ++i) stripes.pixels.push_back(i % 2 == 0 ? 0 : 200);
  for (const uint8_t value : scaled(stripes, 2, 4)) REQUIRE(std::abs(value - 100) <= 5);
  // Doubling puts the new pixels a quarter and three quarters of the way.
  const Picture step{1, 2, 1, {0, 100}};
  REQUIRE(scaled(step, 1, 4) == std::vector<uint8_t>{0, 25, 75, 100});
}

TEST_CASE("a malformed picture is refused by name", "[data]") {
  const std::string png = png_of(ramp(40 * 40 * 3), 40, 40, 3);
  const std::string jpeg = jpeg_of(ramp(40 * 40 * 3), 40, 40, 3);
  struct Row {
    const char* what;
    std::string bytes;
    const char* message;
  };
  const std::vector<Row> rows{
      {"empty", "", "empty"},
      {"text", "hello", "expected JPEG or PNG"},
      {"cut PNG", png.substr(0, png.size() / 2), "not a whole PNG"},
      {"PNG header alone", png.substr(0, 8), "not a whole PNG"},
      {"flipped bit in PNG",
       [&] {
         auto b = png;
         b[png.size() / 2] ^= 1;
         return b;
       }(),
       "PNG"},
      {"cut JPEG", jpeg.substr(0, jpeg.size() / 2), "not a whole JPEG"},
      {"JPEG header alone", jpeg.substr(0, 20), "not a whole JPEG"},
      {"JPEG start alone", jpeg.substr(0, 3), "not a whole JPEG"},
      {"huge PNG", with_claimed_size(png, 16385), "expected sides"},
      {"too many pixels", with_claimed_size(png, 16000), "expected sides"},
  };
  for (const Row& row : rows) {
    INFO(row.what);
    REQUIRE_THROWS_AS(decode_picture(row.bytes, 3, "x/bad"), InputError);
    REQUIRE_THROWS_WITH(decode_picture(row.bytes, 3, "x/bad"),
                        ContainsSubstring("x/bad") && ContainsSubstring(row.message));
  }
}

}  // namespace nas

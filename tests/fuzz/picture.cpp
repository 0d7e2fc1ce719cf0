#include "nas/data/image_decode.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// JPEG and PNG, in grey or colour by the first byte.
void picture(std::string_view input) {
  const int64_t channels = take_byte(input) % 2 == 0 ? 3 : 1;
  const std::string bytes(input);
  taken([&] {
    const Shape shape = picture_shape(bytes, channels, "fuzz");
    const Picture picture = decode_picture(bytes, channels, "fuzz");
    require(picture.height == shape.height && picture.width == shape.width &&
                picture.channels == channels,
            "the header says the picture's sides");
    require(picture.pixels.size() ==
                static_cast<size_t>(picture.height * picture.width * picture.channels),
            "every pixel is there");
    std::vector<uint8_t> small(static_cast<size_t>(channels) * 5 * 3);
    scale_picture(picture, {channels, 5, 3}, small.data());
  });
}

}  // namespace nas::fuzz

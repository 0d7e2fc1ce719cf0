#include "nas/data/reader.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// An archive with a folder a class.
void image_folder(std::string_view input) {
  DataConfig config;
  config.dataset = "images";
  config.image_size = 4;
  config.path = file_with(input, "pictures.tar").string();
  taken([&] {
    const LabelledImages read = read_training_images(config);
    require(read.pixels.size() == read.labels.size() * 3 * 4 * 4, "every label has a picture");
  });
  taken([&] { read_test_images(config); });
}

}  // namespace nas::fuzz

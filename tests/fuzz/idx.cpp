#include <algorithm>

#include "nas/data/reader.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// The first byte says how many of the others are the file of labels.
void idx(std::string_view input) {
  const size_t asked = take_byte(input);
  const size_t labels = std::min(asked, input.size());
  DataConfig config;
  config.dataset = "idx";
  file_with(input.substr(0, labels), "train-labels-idx1-ubyte");
  config.path = file_with(input.substr(labels), "train-images-idx3-ubyte").parent_path().string();
  taken([&] {
    const LabelledImages read = read_training_images(config);
    const auto pixels = static_cast<size_t>(read.shape.height * read.shape.width);
    require(read.pixels.size() == read.labels.size() * pixels, "every label has a picture");
  });
}

}  // namespace nas::fuzz

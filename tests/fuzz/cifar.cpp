#include "nas/data/reader.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// One file of records, as a folder and not an archive has it.
void cifar(std::string_view input) {
  DataConfig config;
  config.dataset = "cifar10";
  config.path = file_with(input, "data_batch_1.bin").parent_path().string();
  taken([&] {
    const LabelledImages read = read_training_images(config);
    require(read.pixels.size() == read.labels.size() * 3 * 32 * 32, "every label has a picture");
  });
}

}  // namespace nas::fuzz

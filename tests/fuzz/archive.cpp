#include "nas/data/archive.hpp"

#include "nas/data/reader.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

void archive(std::string_view input) {
  const auto path = file_with(input, "files.tar");
  size_t listed = 0;
  size_t visited = 0;
  if (!taken([&] { listed = list_files(path).size(); })) return;
  const bool whole = taken([&] {
    visit_files(
        path, [](const std::string&) { return true; },
        [&](const std::string&, const std::string&) { ++visited; });
  });
  require(!whole || visited == listed, "every file that is listed is shown");
  DataConfig config;
  config.dataset = "cifar10";
  config.path = path.string();
  taken([&] { read_training_images(config); });
}

}  // namespace nas::fuzz

#include "nas/data/data_config.hpp"

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/data/augment_config.hpp"
#include "nas/data/reader.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

DataConfig read(const std::string& text) {
  DataConfig config;
  read_config_text(text, "test.yaml", {}, [&](Section& section) { describe(section, config); });
  return config;
}

}  // namespace

TEST_CASE("data and augmentation read their keys", "[data]") {
  const DataConfig config = read(
      "dataset: images\npath: /tmp\nimage_size: 64\nchannels: 1\nvalidation: 0.1\n"
      "test: 0.3\nsplit_seed: 5\nlimit: 2K\n");
  REQUIRE(config.dataset == "images");
  REQUIRE(config.path == "/tmp");
  REQUIRE(config.image_size == 64);
  REQUIRE(config.channels == 1);
  REQUIRE(config.validation == 0.1);
  REQUIRE(config.test == 0.3);
  REQUIRE(config.split_seed == 5);
  REQUIRE(config.limit == 2000);
  AugmentConfig augment;
  read_config_text("flip: true\ncrop_padding: 4\ncutout: 16\n", "test.yaml", {},
                   [&](Section& section) { describe(section, augment); });
  REQUIRE(augment.flip);
  REQUIRE(augment.crop_padding == 4);
  REQUIRE(augment.cutout == 16);
}

TEST_CASE("mistakes in `data:` name key and place", "[data]") {
  struct Row {
    const char* text;
    const char* message;
  };
  const Row row = GENERATE(
      Row{"dataset: mnist\n", "test.yaml:1"}, Row{"dataset: images\n", "path"},
      Row{"path: x\n", "no path"}, Row{"dataset: images\npath: x\nchannels: 2\n", "test.yaml:3"},
      Row{"validation: 0.95\n", "validation"}, Row{"folds: 1\n", "expected 0, or 2 or more"},
      Row{"fold: 1\n", "test.yaml:1"},
      Row{"folds: 5\nfold: 5\n", "found 5, expected less than folds, 5"});
  INFO(row.text);
  REQUIRE_THROWS_AS(read(row.text), ConfigError);
  REQUIRE_THROWS_WITH(read(row.text), ContainsSubstring(row.message));
}

TEST_CASE("a data set without path or of an unknown kind is refused", "[data]") {
  DataConfig config;
  config.dataset = "images";
  REQUIRE_THROWS_WITH(task_shape(config), ContainsSubstring("needs a path"));
  config.dataset = "mnist";
  REQUIRE_THROWS_WITH(task_shape(config), ContainsSubstring("mnist"));
}

}  // namespace nas

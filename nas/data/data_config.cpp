#include "nas/data/data_config.hpp"

#include <array>

#include "nas/config/section.hpp"

namespace nas {
namespace {

void check_path(Section& section, const DataConfig& config) {
  if (config.dataset == "digits" && !config.path.empty()) {
    section.mistake("path", "the digits are embedded and take no path");
  }
  if (config.dataset != "digits" && config.path.empty()) {
    section.mistake("path", "data set '" + config.dataset + "' needs the path of its files");
  }
}

}  // namespace

void describe(Section& section, DataConfig& config) {
  static constexpr std::array<std::string_view, 3> kDatasets{"digits", "cifar10", "images"};
  section.one_of("dataset", config.dataset, std::span<const std::string_view>(kDatasets),
                 "digits (embedded), cifar10 (binary files) or images (a folder a class)");
  section.text("path", config.path,
               "folder, .tar or .tar.gz; a relative one is looked for in the current folder, then "
               "in the folder that the environment variable NAS_DATA names");
  section.integer("image_size", config.image_size, {0, 4096, "pixels"},
                  "images: side to which pictures are scaled; 0: the size of the first picture");
  section.integer("channels", config.channels, {1, 3}, "images: 1 grey, 3 RGB");
  section.real("validation", config.validation, {0, 0.9},
               "share of the training data held out to score candidates");
  section.real("test", config.test, {0, 0.9},
               "share held out as test data where the data set has no test split of its own");
  section.integer("split_seed", config.split_seed, {0}, "decides the splits, and nothing else");
  section.integer("limit", config.limit, {0},
                  "at most this many examples to train and validate on, stratified; 0: all");
  if (config.channels == 2) section.mistake("channels", "found 2, expected 1 or 3");
  check_path(section, config);
}

}  // namespace nas

#include <array>

#include "nas/data/reader.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {
namespace {

void check_numbers(const LabelledImages& read) {
  const auto numbers = static_cast<size_t>(read.size()) * read.features.size();
  require(read.values.size() == numbers, "every example has every feature");
  for (const int64_t label : read.labels) {
    require(label >= 0 && label < static_cast<int64_t>(read.class_names.size()),
            "labels name classes");
  }
}

}  // namespace

/// The first byte picks the options.
void table(std::string_view input) {
  constexpr std::array<const char*, 5> kDelimiters{"detect", "comma", "semicolon", "tab", "blanks"};
  constexpr std::array<const char*, 3> kHeaders{"detect", "present", "absent"};
  const unsigned options = take_byte(input);
  DataConfig config;
  config.dataset = "csv";
  config.path = file_with(input, "table").string();
  config.table.delimiter = kDelimiters[options % 5];
  config.table.header = kHeaders[options / 5 % 3];
  config.table.skip_lines = options / 15 % 3;
  if (options / 45 % 2 == 1) config.table.coded = {"1"};
  if (options / 90 % 2 == 1) config.table.label = "1";
  taken([&] { check_numbers(read_training_images(config)); });
  taken([&] { check_numbers(read_test_images(config)); });
}

}  // namespace nas::fuzz

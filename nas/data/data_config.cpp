#include "nas/data/data_config.hpp"

#include <algorithm>
#include <array>
#include <vector>

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

constexpr std::array<DatasetKind, 6> kKinds{
    {{"digits", "1,797 handwritten digits of 8x8 pixels, part of the program"},
     {"cifar10", "CIFAR-10 in its binary version"},
     {"idx", "grey pictures and labels in IDX files, as those of MNIST, plain or .gz"},
     {"images", "JPEG or PNG pictures, a folder a class"},
     {"csv", "a table in a text file, plain or .gz, a line an example"},
     {"audio", "recordings in WAV files, seen as logarithmic mel spectrograms"}}};

void describe_table(Section& section, TableConfig& config) {
  static constexpr std::array<std::string_view, 5> kDelimiters{"detect", "comma", "semicolon",
                                                               "tab", "blanks"};
  static constexpr std::array<std::string_view, 3> kHeaders{"detect", "present", "absent"};
  section.text("label", config.label,
               "csv: name or position, from 1, of the column with the classes; empty: the last");
  section.one_of("delimiter", config.delimiter, std::span<const std::string_view>(kDelimiters),
                 "csv: what is between columns");
  section.one_of("header", config.header, std::span<const std::string_view>(kHeaders),
                 "csv: whether the first line names the columns; detect: where it holds text above "
                 "a column of numbers");
  section.integer("skip_lines", config.skip_lines, {0, 1'000'000, "lines"},
                  "csv: left out at the head of the file");
  section.texts("coded", config.coded,
                "csv: names or positions of columns whose numbers are codes");
  section.texts("without", config.without,
                "csv: names or positions of columns to leave out, such as numbers of the lines");
  section.text("positive", config.positive,
               "csv with two classes: the one that is looked for; empty: the one that sorts last");
  section.texts(
      "missing", config.missing,
      "csv: what a cell of which nothing is known holds, beside nothing, ?, NA, #N/A, N/A, "
      "<NA>, NaN and NULL in capitals or not: [\"-\", \"-999\"]");
  section.boolean(
      "missing_indicator", config.missing_indicator,
      "csv: a column of numbers some of which are missing gets an input that is 1 there "
      "and 0 elsewhere");
}

void describe_folds(Section& section, DataConfig& config) {
  section.integer("folds", config.folds, {0, 1000, "parts"},
                  "into which the data fall for cross-validation, one of them the test data, in "
                  "place of `test`; 0: none");
  section.integer("fold", config.fold, {0, 999, ""},
                  "which part is the test data, from 0: a run for each");
  if (config.folds == 1) section.mistake("folds", "found 1, expected 0, or 2 or more");
  if (config.fold >= std::max<int64_t>(config.folds, 1)) {
    section.mistake("fold", "found " + std::to_string(config.fold) +
                                ", expected less than folds, " + std::to_string(config.folds));
  }
}

}  // namespace

std::span<const DatasetKind> dataset_kinds() { return kKinds; }

void describe(Section& section, DataConfig& config) {
  std::vector<std::string_view> names;
  for (const auto& kind : dataset_kinds()) names.push_back(kind.name);
  section.one_of("dataset", config.dataset, std::span<const std::string_view>(names),
                 "which kind of data");
  section.path(
      "path", config.path,
      "folder, .tar or .tar.gz, for csv a file; a relative one is looked for beside the "
      "configuration, in "
      "the current folder, then in the folder that the environment variable NAS_DATA names");
  section.integer("image_size", config.image_size, {0, 4096, "pixels"},
                  "images: side to which pictures are scaled; 0: the size of the first picture");
  section.integer("channels", config.channels, {1, 3},
                  "images: 1 grey, 3 RGB; 16 bits a value become 8, transparency and gamma are "
                  "passed over, colours become grey by their brightness");
  section.real("validation", config.validation, {0, 0.9},
               "share of the training data held out to score candidates");
  section.real("test", config.test, {0, 0.9},
               "share held out as test data where the data set has no test split of its own");
  describe_folds(section, config);
  section.integer("split_seed", config.split_seed, {0}, "decides the splits, and nothing else");
  section.integer("limit", config.limit, {0},
                  "at most this many examples to train and validate on, stratified; 0: all");
  describe_table(section, config.table);
  section.section("audio", "recordings, and what a network sees of them",
                  [&](Section& audio) { describe(audio, config.audio); });
  if (config.channels == 2) section.mistake("channels", "found 2, expected 1 or 3");
  check_path(section, config);
}

}  // namespace nas

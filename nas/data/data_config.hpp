#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "nas/data/audio_config.hpp"
#include "nas/plan/network.hpp"

namespace nas {

class Section;

/// One kind of data set by name.
struct DatasetKind {
  std::string_view name;
  std::string_view meaning;
};
std::span<const DatasetKind> dataset_kinds();

/// How a table is written and read; part of `data:`.
struct TableConfig {
  /// Name or position (from 1) of the column with the classes; empty: the last one.
  std::string label;
  /// detect, comma, semicolon, tab or blanks.
  std::string delimiter = "detect";
  /// Whether the first line names the columns: detect, present or absent.
  std::string header = "detect";
  /// Lines left out at the head of the file.
  int64_t skip_lines = 0;
  /// Names or positions of columns whose numbers are codes.
  std::vector<std::string> coded;
  /// Names or positions of columns left out.
  std::vector<std::string> without;
  /// Of two classes the one that is looked for, numbered 1; empty: the one that sorts last.
  std::string positive;
  /// Cells that say that nothing is known, beside those of is_missing().
  std::vector<std::string> missing;
  /// Whether a column of numbers some of which are missing gets an input that says where.
  bool missing_indicator = false;
};

/// `data:` of a configuration. Splits are stratified by class, or of whole groups, and depend on
/// `split_seed` alone, so that every trial, and every repetition of an experiment, sees the same
/// ones.
struct DataConfig {
  /// digits (embedded), cifar10 (binary files), idx (IDX files), images (a folder a class), csv (a
  /// table) or audio (WAV files).
  std::string dataset = "digits";
  /// Folder, .tar or .tar.gz, for csv a text file or its .gz; not for digits.
  std::string path;
  /// images: side to which pictures are scaled, whatever their form; 0 takes height and width of
  /// the first picture.
  int64_t image_size = 0;
  /// images: 1 grey, 3 RGB, to which pictures are converted as decode_picture() says.
  int64_t channels = 3;
  /// Share of the training data held out to score candidates.
  double validation = 0.2;
  /// Share held out as test data where the data set brings no test split of its own.
  double test = 0.2;
  /// The same by cross-validation: the examples fall into so many parts, of which number `fold`
  /// (from 0) is test data, whatever `test` says; 0: `test` decides.
  int64_t folds = 0;
  int64_t fold = 0;
  int64_t split_seed = 0;
  /// At most this many examples to train and validate on, stratified; 0: all.
  int64_t limit = 0;
  TableConfig table;
  AudioConfig audio;
};

void describe(Section& section, DataConfig& config);

/// Shape of one example and number of classes, without reading pictures where that can be avoided.
TaskShape task_shape(const DataConfig& config);

}  // namespace nas

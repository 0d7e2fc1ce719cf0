#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "nas/data/data_config.hpp"
#include "nas/data/mel.hpp"

namespace nas {

/// One number of a table's example: a column of numbers, or one code of a column of codes.
struct TableFeature {
  /// `column`, or `column=code`.
  std::string name;
  /// 1 where the column has this code and 0 elsewhere; left as it is.
  bool coded = false;
};

/// Examples on the host, before any tensor.
struct LabelledImages {
  Shape shape;
  std::vector<uint8_t> pixels;         // [N, C, H, W]; of pictures
  std::vector<TableFeature> features;  // [C] of a table, whose shape is C x 1 x 1
  /// [N, C] of a table, NaN where a number is missing; [N, samples] of recordings.
  std::vector<float> values;
  std::optional<LogMel> log_mel;  // of recordings, whose shape is 1 x mels x columns
  std::vector<int64_t> labels;    // [N], 0 .. classes - 1
  std::vector<int64_t> groups;    // [N], none where examples may be split one by one
  std::vector<std::string> class_names;
  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

/// Everything that may be trained and validated on. Test examples are not in it; where the data set
/// brings its own test split its files are not even opened.
LabelledImages read_training_images(const DataConfig& config);
/// The test split.
LabelledImages read_test_images(const DataConfig& config);
/// Throws InputError where read_test_images() would, so that a search need not be over before that
/// is known. Nothing of what is read is kept. Throws Interrupted where a stop is asked for.
void check_test_images(const DataConfig& config);
/// Whether there is a test split, of the data set's own or held out.
bool has_test_examples(const DataConfig& config);

/// What examples are split by.
struct SplitKeys {
  std::vector<int64_t> labels;  // [N]
  std::vector<int64_t> groups;  // [N] or none
};

/// Indices into the training images, disjoint; stratified by class or, where there are groups, made
/// of whole groups.
struct Split {
  std::vector<int64_t> train;
  std::vector<int64_t> validation;
};
/// Throws InputError where there are fewer than two groups.
Split split_training(const SplitKeys& keys, const DataConfig& config);
/// The same for cross-validation: part i of `folds` is what network i does not learn from.
std::vector<Split> split_into_folds(const SplitKeys& keys, int64_t folds, const DataConfig& config);

}  // namespace nas

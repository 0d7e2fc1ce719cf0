#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "nas/data/data_config.hpp"

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
  std::vector<uint8_t> pixels;         // [N, C, H, W]; none for a table
  std::vector<TableFeature> features;  // [C] of a table, whose shape is C x 1 x 1
  std::vector<float> values;           // [N, C] of a table; NaN where a number is missing
  std::vector<int64_t> labels;         // [N], 0 .. classes - 1
  std::vector<std::string> class_names;
  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

/// Everything that may be trained and validated on. Test examples are not in it; where the data set
/// brings its own test split its files are not even opened.
LabelledImages read_training_images(const DataConfig& config);
/// The test split.
LabelledImages read_test_images(const DataConfig& config);

/// Indices into the training images, disjoint and stratified by class.
struct Split {
  std::vector<int64_t> train;
  std::vector<int64_t> validation;
};
Split split_training(const std::vector<int64_t>& labels, const DataConfig& config);

}  // namespace nas

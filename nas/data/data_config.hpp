#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "nas/plan/network.hpp"

namespace nas {

class Section;

/// One kind of data set by name.
struct DatasetKind {
  std::string_view name;
  std::string_view meaning;
};
std::span<const DatasetKind> dataset_kinds();

/// `data:` of a configuration. Splits are stratified by class and depend on `split_seed` alone, so
/// that every trial, and every repetition of an experiment, sees the same ones.
struct DataConfig {
  /// digits (embedded), cifar10 (binary files) or images (a folder a class).
  std::string dataset = "digits";
  /// Folder, .tar or .tar.gz; not for digits.
  std::string path;
  /// images: side to which pictures are scaled, whatever their form; 0 takes height and width of
  /// the first picture.
  int64_t image_size = 0;
  /// images: 1 grey, 3 RGB.
  int64_t channels = 3;
  /// Share of the training data held out to score candidates.
  double validation = 0.2;
  /// Share held out as test data where the data set brings no test split of its own.
  double test = 0.2;
  int64_t split_seed = 0;
  /// At most this many examples to train and validate on, stratified; 0: all.
  int64_t limit = 0;
};

void describe(Section& section, DataConfig& config);

/// Shape of one example and number of classes, without reading pictures where that can be avoided.
TaskShape task_shape(const DataConfig& config);

}  // namespace nas

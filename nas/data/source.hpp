#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nas/data/reader.hpp"

namespace nas {

enum class DataPart { training, test };

/// A data set whose labels are known before its pictures are decoded.
class DataSource {
 public:
  virtual ~DataSource() = default;
  virtual TaskShape task() = 0;
  virtual const std::vector<std::string>& class_names() const = 0;
  /// Whether it brings a test split; where not, all examples are in `training`.
  virtual bool has_test() const = 0;
  /// By example, in the data set's own order. Opens no file of the other part.
  virtual std::vector<int64_t> labels(DataPart part) = 0;
  /// By example, for splits that keep groups whole; none where they need not.
  virtual std::vector<int64_t> groups(DataPart) { return {}; }
  /// Fills the pixels, of a table its features, of recordings their samples, in the order of
  /// `chosen` (rising indices into `labels(part)`).
  virtual void read(DataPart part, const std::vector<int64_t>& chosen, LabelledImages& into) = 0;
  /// Throws InputError where read() would.
  virtual void check(DataPart part, const std::vector<int64_t>& chosen) {
    LabelledImages dropped;
    read(part, chosen, dropped);
  }
};

/// Pictures `chosen` out of [N, C, H, W] in memory.
std::vector<uint8_t> choose_pixels(const std::vector<uint8_t>& pixels, const Shape& shape,
                                   const std::vector<int64_t>& chosen);

/// The source of any kind of data set. Throws InputError, naming it, for a class whose name is no
/// UTF-8.
std::unique_ptr<DataSource> open_source(const DataConfig& config);
std::unique_ptr<DataSource> open_digits();
/// CIFAR-10 in its binary version.
std::unique_ptr<DataSource> open_cifar(const DataConfig& config);
/// IDX files, as those of MNIST.
std::unique_ptr<DataSource> open_idx(const DataConfig& config);
/// A folder a class.
std::unique_ptr<DataSource> open_image_folder(const DataConfig& config);
/// A text file, a line an example.
std::unique_ptr<DataSource> open_table(const DataConfig& config);
/// WAV files.
std::unique_ptr<DataSource> open_sounds(const DataConfig& config);

}  // namespace nas

#include "nas/data/reader.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/core/text.hpp"
#include "nas/data/source.hpp"
#include "nas/data/split.hpp"

namespace nas {
namespace {

std::unique_ptr<DataSource> open_kind(const DataConfig& config) {
  if (config.dataset == "digits") return open_digits();
  const auto kinds = dataset_kinds();
  const bool known = std::any_of(kinds.begin(), kinds.end(), [&](const DatasetKind& kind) {
    return kind.name == config.dataset;
  });
  if (known && config.path.empty()) throw InputError("the data set needs a path");
  if (config.dataset == "cifar10") return open_cifar(config);
  if (config.dataset == "idx") return open_idx(config);
  if (config.dataset == "images") return open_image_folder(config);
  if (config.dataset == "csv") return open_table(config);
  if (config.dataset == "audio") return open_sounds(config);
  throw InputError("data set '" + config.dataset +
                   "': expected digits, cifar10, idx, images, csv or audio");
}

/// Names of folders and files may be any bytes, those of classes come into files in JSON.
void refuse_odd_names(const std::vector<std::string>& classes, const std::string& where) {
  for (const std::string& name : classes) {
    const size_t good = utf8_prefix(name);
    if (good == name.size()) continue;
    throw InputError(fmt::format("'{}': class '{}': found byte 0x{:02x}, expected text in UTF-8",
                                 where, printable(name), static_cast<uint8_t>(name[good])));
  }
}

/// Throws where a test split that the data set brings stands against the configured one.
std::unique_ptr<DataSource> open_checked(const DataConfig& config) {
  auto source = open_source(config);
  if (config.folds > 0 && source->has_test()) {
    throw InputError("data.folds: found " + std::to_string(config.folds) +
                     ", expected 0 as the data set brings its own test split");
  }
  return source;
}

std::vector<int64_t> all_of(const std::vector<int64_t>& labels) {
  std::vector<int64_t> indices(labels.size());
  std::iota(indices.begin(), indices.end(), int64_t{0});
  return indices;
}

LabelledImages read_chosen(DataSource& source, DataPart part, const std::vector<int64_t>& labels,
                           const std::vector<int64_t>& chosen) {
  LabelledImages images;
  images.shape = source.task().input;
  images.class_names = source.class_names();
  images.labels = labels_at(labels, chosen);
  if (const auto groups = source.groups(part); !groups.empty()) {
    images.groups = labels_at(groups, chosen);
  }
  source.read(part, chosen, images);
  return images;
}

struct TestExamples {
  DataPart part;
  std::vector<int64_t> labels;  // of the whole part
  std::vector<int64_t> chosen;
};

TestExamples test_examples(DataSource& source, const DataConfig& config) {
  const DataPart part = source.has_test() ? DataPart::test : DataPart::training;
  const auto labels = source.labels(part);
  const auto chosen = source.has_test()
                          ? all_of(labels)
                          : hold_out_test({labels, source.groups(part)}, config).taken;
  if (chosen.empty()) {
    throw InputError("data set '" + config.dataset +
                     "' has no test examples: expected a test split of its own or `test` over 0");
  }
  return {part, labels, chosen};
}

}  // namespace

std::unique_ptr<DataSource> open_source(const DataConfig& config) {
  auto source = open_kind(config);
  refuse_odd_names(source->class_names(), config.path);
  return source;
}

std::vector<uint8_t> choose_pixels(const std::vector<uint8_t>& pixels, const Shape& shape,
                                   const std::vector<int64_t>& chosen) {
  const int64_t size = shape.channels * shape.height * shape.width;
  std::vector<uint8_t> result(chosen.size() * static_cast<size_t>(size));
  auto out = result.begin();
  for (const int64_t index : chosen) {
    out = std::copy_n(pixels.begin() + index * size, size, out);
  }
  return result;
}

LabelledImages read_training_images(const DataConfig& config) {
  const auto source = open_checked(config);
  const auto labels = source->labels(DataPart::training);
  const auto chosen = source->has_test()
                          ? limited(labels, all_of(labels), config)
                          : not_for_test({labels, source->groups(DataPart::training)}, config);
  return read_chosen(*source, DataPart::training, labels, chosen);
}

LabelledImages read_test_images(const DataConfig& config) {
  const auto source = open_checked(config);
  const TestExamples test = test_examples(*source, config);
  return read_chosen(*source, test.part, test.labels, test.chosen);
}

void check_test_images(const DataConfig& config) {
  const auto source = open_checked(config);
  const TestExamples test = test_examples(*source, config);
  source->check(test.part, test.chosen);
}

bool has_test_examples(const DataConfig& config) {
  return config.test > 0 || config.folds > 0 || open_source(config)->has_test();
}

TaskShape task_shape(const DataConfig& config) { return open_source(config)->task(); }

}  // namespace nas

#include "nas/data/dataset.hpp"

#include <array>
#include <cmath>
#include <cstring>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/data/feature_statistics.hpp"
#include "nas/data/log_mel.hpp"
#include "nas/data/reader.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor tensor_of(const std::vector<int64_t>& values) {
  return torch::tensor(at::ArrayRef<int64_t>(values), torch::kInt64);
}

/// On the CPU, where they come out the same whatever the training's device.
torch::Tensor spectrograms_of(const LabelledImages& recordings) {
  const torch::Tensor clips = torch::empty({recordings.size(), recordings.log_mel->samples});
  std::memcpy(clips.data_ptr<float>(), recordings.values.data(),
              recordings.values.size() * sizeof(float));
  return log_mel(clips, *recordings.log_mel);
}

/// On the CPU.
Examples examples_of(const LabelledImages& images) {
  const Shape& shape = images.shape;
  Examples examples;
  examples.labels = tensor_of(images.labels);
  if (images.log_mel) {
    examples.images = spectrograms_of(images);
    return examples;
  }
  if (!images.features.empty()) {
    examples.images = torch::empty({images.size(), shape.channels, 1, 1});
    std::memcpy(examples.images.data_ptr<float>(), images.values.data(),
                images.values.size() * sizeof(float));
    return examples;
  }
  examples.images =
      torch::empty({images.size(), shape.channels, shape.height, shape.width}, torch::kUInt8);
  std::memcpy(examples.images.data_ptr<uint8_t>(), images.pixels.data(), images.pixels.size());
  return examples;
}

Examples chosen(const Examples& all, const std::vector<int64_t>& indices, torch::Device device) {
  if (indices.empty()) return {};
  const torch::Tensor where = tensor_of(indices);
  return {all.images.index_select(0, where).to(device),
          all.labels.index_select(0, where).to(device)};
}

/// How often each of the 256 values comes in a plane; whole numbers, so that the result depends on
/// nothing but the pixels.
std::array<int64_t, 256> value_counts(const torch::Tensor& plane) {
  std::array<int64_t, 256> counts{};
  const torch::Tensor flat = plane.contiguous();
  const auto* pixels = flat.const_data_ptr<uint8_t>();
  for (int64_t i = 0; i < flat.numel(); ++i) ++counts[pixels[i]];
  return counts;
}

/// `images` uint8 [N, C, H, W] on the CPU.
Normalization normalization_of(const torch::Tensor& images, torch::Device device) {
  const int64_t channels = images.size(1);
  const torch::Tensor mean = torch::empty({1, channels, 1, 1});
  const torch::Tensor deviation = torch::empty({1, channels, 1, 1});
  for (int64_t c = 0; c < channels; ++c) {
    int64_t count = 0;
    int64_t sum = 0;
    int64_t squares = 0;
    const auto counts = value_counts(images.select(1, c));
    for (int64_t value = 0; value < 256; ++value) {
      const int64_t times = counts[static_cast<size_t>(value)];
      count += times;
      sum += times * value;
      squares += times * value * value;
    }
    const double average = static_cast<double>(sum) / static_cast<double>(count);
    const double variance =
        static_cast<double>(squares) / static_cast<double>(count) - average * average;
    // A channel of one value stays as it is.
    const double spread = variance > 0 ? std::sqrt(variance) : 255.0;
    mean.data_ptr<float>()[c] = static_cast<float>(average / 255);
    deviation.data_ptr<float>()[c] = static_cast<float>(spread / 255);
  }
  return {mean.to(device), deviation.to(device)};
}

/// `values` float32 [N, C, H, W].
Normalization normalization_of_reals(const torch::Tensor& values, torch::Device device) {
  const torch::Tensor exact = values.to(torch::kDouble);
  const torch::Tensor mean = exact.mean({0, 2, 3}, /*keepdim=*/true);
  const torch::Tensor spread = exact.std({0, 2, 3}, /*unbiased=*/false, /*keepdim=*/true);
  const auto to_device = [&](const torch::Tensor& tensor) {
    return tensor.to(torch::kFloat32).to(device);
  };
  return {to_device(mean), to_device(torch::where(spread.gt(0), spread, 1.0))};
}

std::vector<int64_t> all_of(const LabelledImages& images) {
  std::vector<int64_t> indices(images.labels.size());
  std::iota(indices.begin(), indices.end(), int64_t{0});
  return indices;
}

torch::Tensor by_channel(const std::vector<float>& values, torch::Device device) {
  return torch::tensor(at::ArrayRef<float>(values)).view({1, -1, 1, 1}).to(device);
}

TrainingData training_data(LabelledImages images, const Split& split, torch::Device device) {
  if (split.train.empty()) throw InputError("the data set has no training examples");
  TrainingData data;
  if (!images.features.empty()) {
    const FeatureStatistics statistics = complete(images, split.train);
    data.normalization = {by_channel(statistics.mean, device),
                          by_channel(statistics.deviation, device)};
    data.medians = statistics.median;
  }
  const Examples all = examples_of(images);
  data.train = chosen(all, split.train, device);
  data.validation = chosen(all, split.validation, device);
  if (images.features.empty()) {
    const torch::Tensor train = all.images.index_select(0, tensor_of(split.train));
    data.normalization =
        images.log_mel ? normalization_of_reals(train, device) : normalization_of(train, device);
  }
  data.task = {images.shape, static_cast<int64_t>(images.class_names.size())};
  data.class_names = images.class_names;
  data.features = images.features;
  data.log_mel = images.log_mel;
  return data;
}

}  // namespace

TrainingData load_for_search(const DataConfig& config, torch::Device device) {
  LabelledImages images = read_training_images(config);
  const Split split = split_training({images.labels, images.groups}, config);
  return training_data(std::move(images), split, device);
}

std::vector<TrainingData> load_parts(const DataConfig& config, int64_t folds,
                                     torch::Device device) {
  if (folds == 0) return {load_for_search(config, device)};
  const LabelledImages images = read_training_images(config);
  std::vector<TrainingData> data;
  for (const Split& split : split_into_folds({images.labels, images.groups}, folds, config)) {
    data.push_back(training_data(images, split, device));
  }
  return data;
}

TrainingData load_for_retraining(const DataConfig& config, torch::Device device) {
  LabelledImages images = read_training_images(config);
  const Split split{all_of(images), {}};
  return training_data(std::move(images), split, device);
}

Examples load_test(const DataConfig& config, torch::Device device) {
  LabelledImages images = read_test_images(config);
  if (!images.features.empty()) {
    LabelledImages training = read_training_images(config);
    fill_missing(images, complete(training, all_of(training)).median);
  }
  const Examples examples = examples_of(images);
  return {examples.images.to(device), examples.labels.to(device)};
}

torch::Tensor epoch_order(int64_t count, uint64_t seed, int64_t epoch, torch::Device device) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), int64_t{0});
  RandomStream(seed, "data.order", static_cast<uint64_t>(epoch)).shuffle(order);
  return tensor_of(order).to(device);
}

}  // namespace nas

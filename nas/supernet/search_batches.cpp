#include "nas/supernet/search_batches.hpp"

#include <string>
#include <utility>
#include <vector>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/data/split.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kEvaluationBatch = 512;

std::vector<int64_t> to_vector(const torch::Tensor& labels) {
  const torch::Tensor host = labels.to(torch::kCPU, torch::kInt64).contiguous();
  const int64_t* values = host.const_data_ptr<int64_t>();
  return {values, values + host.numel()};
}

/// Positions of the weights' and of the architecture's examples.
std::pair<torch::Tensor, torch::Tensor> halves_of(const TrainingData& data,
                                                  const SearchBatchesSetting& setting) {
  const auto labels = to_vector(data.train.labels);
  const Parts parts = take_stratified(labels, count_of_share(labels, setting.train_portion),
                                      setting.split_seed, "supernet.halves");
  if (parts.taken.size() < 2 || parts.left.size() < 2) {
    throw UsageError("train_portion: found " + std::to_string(setting.train_portion) + " of " +
                     std::to_string(labels.size()) +
                     " training examples, expected at least 2 for the weights and 2 for the "
                     "architecture");
  }
  const auto tensor = [&](const std::vector<int64_t>& indices) {
    return torch::tensor(indices, torch::kInt64).to(data.train.images.device());
  };
  return {tensor(parts.taken), tensor(parts.left)};
}

ExampleBatchesSetting setting_of(const SearchBatchesSetting& setting, std::string_view name) {
  const std::string purpose = "supernet." + std::string(name);
  return {setting.batch_size, setting.augment, derive_seed(setting.seed, purpose + ".order", 0),
          derive_seed(setting.seed, purpose + ".augment", 0), setting.together};
}

}  // namespace

SearchBatches::SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting)
    : SearchBatches(data, setting, halves_of(data, setting)) {}

SearchBatches::SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting,
                             const std::pair<torch::Tensor, torch::Tensor>& halves)
    : weights_(data, halves.first, setting_of(setting, "weights")),
      architecture_(data, halves.second, setting_of(setting, "architecture")) {}

void SearchBatches::set(int64_t step) {
  weights_.set(step);
  architecture_.set(step);
}

double supernet_accuracy(Supernet& supernet, const Examples& examples, const torch::Tensor& indices,
                         const Normalization& normalization) {
  const torch::NoGradGuard no_grad;
  supernet.network().eval();
  torch::Tensor right = torch::zeros({}, indices.options());
  for (int64_t begin = 0; begin < indices.size(0); begin += kEvaluationBatch) {
    const torch::Tensor part = indices.slice(0, begin, begin + kEvaluationBatch);
    const torch::Tensor guess =
        supernet.forward(normalized(examples, part, normalization)).argmax(1);
    right += guess.eq(examples.labels.index_select(0, part)).sum();
  }
  supernet.network().train();
  return 100.0 * static_cast<double>(right.item<int64_t>()) / static_cast<double>(indices.size(0));
}

}  // namespace nas

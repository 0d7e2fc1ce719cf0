#include "nas/supernet/search_batches.hpp"

#include <algorithm>
#include <string>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/data/split.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kEvaluationBatch = 512;

/// A last batch of one example is dropped: batch norm finds no variance in it.
int64_t batches_of(int64_t count, int64_t batch_size) {
  const int64_t whole = count / batch_size;
  return count % batch_size >= 2 ? whole + 1 : whole;
}

std::vector<int64_t> to_vector(const torch::Tensor& labels) {
  const torch::Tensor host = labels.to(torch::kCPU, torch::kInt64).contiguous();
  const int64_t* values = host.const_data_ptr<int64_t>();
  return {values, values + host.numel()};
}

}  // namespace

SearchBatches::SearchBatches(const TrainingData& data, const SearchBatchesSetting& setting)
    : data_(data), setting_(setting) {
  const auto labels = to_vector(data.train.labels);
  const Parts parts = take_stratified(labels, count_of_share(labels, setting.train_portion),
                                      setting.split_seed, "supernet.halves");
  if (parts.taken.size() < 2 || parts.left.size() < 2) {
    throw UsageError("train_portion: found " + std::to_string(setting.train_portion) + " of " +
                     std::to_string(labels.size()) +
                     " training examples, expected at least 2 for the weights and 2 for the "
                     "architecture");
  }
  weights_ = make_half(parts.taken, "weights");
  architecture_ = make_half(parts.left, "architecture");
}

SearchBatches::Half SearchBatches::make_half(const std::vector<int64_t>& indices,
                                             std::string_view name) const {
  const std::string purpose = "supernet." + std::string(name);
  Half half;
  half.indices = torch::tensor(indices, torch::kInt64).to(data_.train.images.device());
  half.batches = batches_of(half.indices.size(0), setting_.batch_size);
  half.order_seed = derive_seed(setting_.seed, purpose + ".order", 0);
  half.augment_seed = derive_seed(setting_.seed, purpose + ".augment", 0);
  return half;
}

Batch SearchBatches::batch(Half& half, int64_t step) const {
  const int64_t pass = step / half.batches;
  const int64_t count = half.indices.size(0);
  if (half.pass != pass) {
    half.order = half.indices.index_select(
        0, epoch_order(count, half.order_seed, pass, half.indices.device()));
    half.pass = pass;
  }
  const int64_t begin = step % half.batches * setting_.batch_size;
  const torch::Tensor indices =
      half.order.slice(0, begin, std::min(begin + setting_.batch_size, count));
  return {augmented(data_.train, indices, data_.normalization, setting_.augment,
                    derive_seed(half.augment_seed, "step", static_cast<uint64_t>(step))),
          data_.train.labels.index_select(0, indices)};
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

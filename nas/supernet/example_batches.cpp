#include "nas/supernet/example_batches.hpp"

#include <algorithm>
#include <utility>

#include "nas/core/random.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

int64_t batches_of(int64_t count, int64_t batch_size) {
  const int64_t whole = count / batch_size;
  return count % batch_size >= 2 ? whole + 1 : whole;
}

}  // namespace

ExampleBatches::ExampleBatches(const TrainingData& data, torch::Tensor examples,
                               const ExampleBatchesSetting& setting)
    : examples_(std::move(examples)),
      setting_(setting),
      inputs_(data, setting.augment, std::min(setting.batch_size, examples_.size(0))),
      batches_(batches_of(examples_.size(0), setting.batch_size)) {
  const int64_t last = examples_.size(0) - (batches_ - 1) * setting.batch_size;
  check_parts(std::min(last, setting.batch_size), setting.together);
}

Batch ExampleBatches::at(int64_t step) {
  set(step);
  return batch();
}

bool ExampleBatches::whole(int64_t step) const {
  return batches_ == 1 || (step % batches_ + 1) * setting_.batch_size <= examples_.size(0);
}

void ExampleBatches::set(int64_t step) {
  const int64_t pass = step / batches_;
  const int64_t count = examples_.size(0);
  if (pass_ != pass) {
    order_ = examples_.index_select(
        0, epoch_order(count, setting_.order_seed, pass, examples_.device()));
    pass_ = pass;
  }
  const int64_t begin = step % batches_ * setting_.batch_size;
  const torch::Tensor indices =
      order_.slice(0, begin, std::min(begin + setting_.batch_size, count));
  count_ = indices.size(0);
  inputs_.set(part_of(indices, count_, setting_.together),
              derive_seed(setting_.augment_seed, "step", static_cast<uint64_t>(step)));
}

torch::Tensor all_examples(const Examples& examples) {
  return torch::arange(examples.size(), examples.labels.options());
}

}  // namespace nas

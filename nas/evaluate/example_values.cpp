#include "nas/evaluate/example_values.hpp"

#include <algorithm>

#include "nas/data/dataset.hpp"
#include "nas/evaluate/values_tensor.hpp"
#include "nas/torch/torch.hpp"

namespace nas {
namespace {

torch::Tensor by_channel(const std::vector<double>& numbers) {
  const std::vector<float> values(numbers.begin(), numbers.end());
  return tensor_of(values, {1, static_cast<int64_t>(values.size()), 1, 1});
}

Examples examples_of(const DataConfig& config, ExampleSplit split) {
  const torch::Device device(torch::kCPU);
  if (split == ExampleSplit::test) return load_test(config, device);
  TrainingData data = load_for_search(config, device);
  return split == ExampleSplit::train ? data.train : data.validation;
}

}  // namespace

ExampleValues example_values(const DataConfig& config, ExampleSplit split,
                             const std::vector<double>& mean, const std::vector<double>& deviation,
                             int64_t most) {
  const torch::NoGradGuard no_grad;
  const Examples examples = examples_of(config, split);
  const int64_t count = most == 0 ? examples.size() : std::min(most, examples.size());
  const torch::Tensor indices =
      torch::arange(count, torch::kLong) * examples.size() / std::max<int64_t>(count, 1);
  const torch::Tensor chosen = indices.to(torch::kLong);
  const torch::Tensor labels = examples.labels.index_select(0, chosen).contiguous();
  return {values_of(normalized(examples, chosen, {by_channel(mean), by_channel(deviation)})
                        .contiguous(torch::MemoryFormat::Contiguous)),
          {labels.const_data_ptr<int64_t>(), labels.const_data_ptr<int64_t>() + count}};
}

}  // namespace nas

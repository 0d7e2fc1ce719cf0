#include "nas/supernet/search_batches.hpp"

#include <set>

#include "nas/core/error.hpp"
#include "tests/supernet/supernets.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::vector<int64_t> to_vector(const torch::Tensor& tensor) {
  return {tensor.const_data_ptr<int64_t>(), tensor.const_data_ptr<int64_t>() + tensor.numel()};
}

}  // namespace

TEST_CASE("weights and architecture share out the training split by class", "[supernet]") {
  const TrainingData data = load_for_search({}, torch::kCPU);
  const SearchBatches batches(data, {});
  const auto weights = to_vector(batches.weights_half());
  const auto architecture = to_vector(batches.architecture_half());
  std::set<int64_t> all(weights.begin(), weights.end());
  all.insert(architecture.begin(), architecture.end());
  REQUIRE(static_cast<int64_t>(weights.size() + architecture.size()) == data.train.size());
  REQUIRE(static_cast<int64_t>(all.size()) == data.train.size());
  REQUIRE(*all.rbegin() == data.train.size() - 1);
  const auto per_class = [&](const torch::Tensor& half) {
    return data.train.labels.index_select(0, half).bincount();
  };
  const torch::Tensor difference =
      per_class(batches.weights_half()) - per_class(batches.architecture_half());
  REQUIRE(difference.abs().max().item<int64_t>() <= 1);
}

TEST_CASE("batches are functions of the step, whatever was asked for before", "[supernet]") {
  const TrainingData data = load_for_search(test::some_digits(200), torch::kCPU);
  SearchBatchesSetting setting;
  setting.batch_size = 16;
  setting.augment.crop_padding = 1;
  setting.seed = 5;
  SearchBatches in_order(data, setting);
  std::vector<Batch> seen;
  for (int64_t step = 0; step < 12; ++step) seen.push_back(in_order.for_weights(step));
  SearchBatches backwards(data, setting);
  for (int64_t step = 11; step >= 0; --step) {
    const Batch batch = backwards.for_weights(step);
    REQUIRE(batch.images.equal(seen[static_cast<size_t>(step)].images));
    REQUIRE(batch.labels.equal(seen[static_cast<size_t>(step)].labels));
  }
  REQUIRE_FALSE(in_order.for_architecture(0).images.equal(seen[0].images));
  setting.seed = 6;
  REQUIRE_FALSE(SearchBatches(data, setting).for_weights(0).images.equal(seen[0].images));
}

TEST_CASE("an epoch shows every example of the weights half once", "[supernet]") {
  TrainingData data = load_for_search(test::some_digits(200), torch::kCPU);
  data.train.labels = torch::arange(data.train.size());  // labels that name the examples
  SearchBatchesSetting setting;
  setting.batch_size = 7;
  setting.train_portion = 0.6;
  SearchBatches batches(data, setting);
  for (int64_t epoch = 0; epoch < 2; ++epoch) {
    std::multiset<int64_t> seen;
    for (int64_t i = 0; i < batches.steps_per_epoch(); ++i) {
      const Batch batch = batches.for_weights(epoch * batches.steps_per_epoch() + i);
      const auto labels = to_vector(batch.labels);
      REQUIRE(labels.size() >= 2);
      seen.insert(labels.begin(), labels.end());
    }
    const auto half = to_vector(batches.weights_half());
    const auto rest = half.size() % 7 == 1 ? 1U : 0U;
    REQUIRE(seen.size() == half.size() - rest);
    for (const int64_t example : seen) REQUIRE(seen.count(example) == 1);
  }
}

TEST_CASE("halves that are too small are refused", "[supernet]") {
  const TrainingData data = load_for_search(test::some_digits(200), torch::kCPU);
  SearchBatchesSetting setting;
  setting.train_portion = 1;
  REQUIRE_THROWS_WITH(SearchBatches(data, setting), ContainsSubstring("train_portion"));
}

}  // namespace nas

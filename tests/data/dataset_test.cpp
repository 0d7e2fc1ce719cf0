#include "nas/data/dataset.hpp"

#include <set>

#include "nas/data/augment.hpp"
#include "nas/data/augment_pixel.hpp"
#include "nas/data/batch_inputs.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const torch::Device kCpu(torch::kCPU);

/// Pixel (y, x) of every channel c of example n is 1 + c * 64 + y * 8 + x; no pixel is 0.
Examples numbered(int64_t count, int64_t channels = 2) {
  const torch::Tensor one = torch::arange(1, 1 + channels * 64).view({1, channels, 8, 8});
  return {one.expand({count, -1, -1, -1}).contiguous().to(torch::kUInt8),
          torch::zeros({count}, torch::kInt64)};
}

/// Mean 0 and deviation 1/255, so that values are the pixels themselves.
Normalization raw(int64_t channels) {
  return {torch::zeros({1, channels, 1, 1}), torch::full({1, channels, 1, 1}, 1.0 / 255)};
}

torch::Tensor augment(const Examples& examples, const AugmentConfig& config, uint64_t seed) {
  return augmented(examples, torch::arange(examples.size()), raw(examples.images.size(1)), config,
                   seed)
      .round();
}

}  // namespace

TEST_CASE("normalised training digits have mean 0 and deviation 1", "[data]") {
  const TrainingData data = load_for_search({}, kCpu);
  const torch::Tensor x =
      normalized(data.train, torch::arange(data.train.size()), data.normalization);
  REQUIRE(x.scalar_type() == torch::kFloat32);
  REQUIRE(x.is_contiguous(torch::MemoryFormat::ChannelsLast));
  REQUIRE(x.to(torch::kDouble).mean().item<double>() == Approx(0).margin(1e-5));
  REQUIRE(x.to(torch::kDouble).std(false).item<double>() == Approx(1).margin(1e-5));
  REQUIRE(data.task.classes == 10);
}

TEST_CASE("search and retraining see the same examples, split and together", "[data]") {
  const TrainingData search = load_for_search({}, kCpu);
  const TrainingData retraining = load_for_retraining({}, kCpu);
  REQUIRE(retraining.validation.size() == 0);
  REQUIRE(search.train.size() == 1150);
  REQUIRE(search.validation.size() == 288);
  REQUIRE(retraining.train.size() == 1438);
  REQUIRE(load_test({}, kCpu).size() == 359);
  // Normalisation may not know the validation examples.
  REQUIRE_FALSE(search.normalization.mean.equal(retraining.normalization.mean));
  const torch::Tensor own = search.train.images.to(torch::kDouble).div(255).mean();
  REQUIRE(search.normalization.mean.item<double>() == Approx(own.item<double>()).epsilon(1e-6));
}

TEST_CASE("an epoch's order is a permutation that depends on seed and epoch", "[data]") {
  const torch::Tensor order = epoch_order(1000, 1, 2, kCpu);
  REQUIRE(std::get<0>(order.sort()).equal(torch::arange(1000)));
  REQUIRE(order.equal(epoch_order(1000, 1, 2, kCpu)));
  REQUIRE_FALSE(order.equal(epoch_order(1000, 1, 3, kCpu)));
  REQUIRE_FALSE(order.equal(epoch_order(1000, 2, 2, kCpu)));
  REQUIRE(epoch_order(0, 1, 2, kCpu).numel() == 0);
}

TEST_CASE("augmentation depends on the seed alone", "[data]") {
  const Examples examples = numbered(32);
  const AugmentConfig config{true, 2, 3};
  const torch::Tensor first = augment(examples, config, 5);
  torch::rand({7});
  REQUIRE(first.equal(augment(examples, config, 5)));
  REQUIRE_FALSE(first.equal(augment(examples, config, 6)));
  REQUIRE(first.is_contiguous(torch::MemoryFormat::ChannelsLast));
}

TEST_CASE("without augmentation pictures stay as they are", "[data]") {
  const Examples examples = numbered(4);
  REQUIRE(augment(examples, {}, 5).equal(examples.images.to(torch::kFloat32)));
}

TEST_CASE("a flip mirrors left and right about half of the time", "[data]") {
  const Examples examples = numbered(400);
  const torch::Tensor x = augment(examples, {true, 0, 0}, 5);
  const torch::Tensor straight = examples.images.to(torch::kFloat32);
  const torch::Tensor mirrored = straight.flip(3);
  int64_t flips = 0;
  for (int64_t i = 0; i < 400; ++i) {
    const bool flipped = x[i].equal(mirrored[i]);
    REQUIRE((flipped || x[i].equal(straight[i])));
    flips += flipped ? 1 : 0;
  }
  REQUIRE(flips > 150);
  REQUIRE(flips < 250);
}

TEST_CASE("a crop is a window of the padded picture, at every offset", "[data]") {
  const Examples examples = numbered(400);
  const torch::Tensor x = augment(examples, {false, 2, 0}, 5);
  const torch::Tensor padded =
      torch::constant_pad_nd(examples.images[0].to(torch::kFloat32), {2, 2, 2, 2}, 0);
  std::set<std::pair<int64_t, int64_t>> offsets;
  for (int64_t i = 0; i < 400; ++i) {
    for (int64_t dy = 0; dy <= 4; ++dy) {
      for (int64_t dx = 0; dx <= 4; ++dx) {
        if (x[i].equal(padded.slice(1, dy, dy + 8).slice(2, dx, dx + 8))) offsets.emplace(dy, dx);
      }
    }
  }
  REQUIRE(offsets.size() == 25);
}

TEST_CASE("cutout sets one square to the mean, cut at the border", "[data]") {
  const Examples examples = numbered(200);
  const int64_t side = GENERATE(3, 4);
  const torch::Tensor x = augment(examples, {false, 0, side}, 5);
  int64_t largest = 0;
  for (int64_t i = 0; i < 200; ++i) {
    const torch::Tensor cut = x[i].eq(0);
    REQUIRE(cut[0].equal(cut[1]));
    const int64_t rows = cut[0].any(1).sum().item<int64_t>();
    const int64_t columns = cut[0].any(0).sum().item<int64_t>();
    REQUIRE(cut[0].sum().item<int64_t>() == rows * columns);
    REQUIRE(rows >= (side + 1) / 2);
    REQUIRE(rows <= side);
    REQUIRE(columns <= side);
    largest = std::max(largest, rows * columns);
    REQUIRE(x[i].masked_select(cut.logical_not())
                .equal(examples.images[i].to(torch::kFloat32).masked_select(cut.logical_not())));
  }
  REQUIRE(largest == side * side);
}

TEST_CASE("indices choose the examples that are augmented", "[data]") {
  Examples examples = numbered(3);
  examples.images[1].fill_(9);
  const torch::Tensor x =
      augmented(examples, torch::tensor({1, 1}, torch::kInt64), raw(2), {true, 0, 0}, 5).round();
  REQUIRE(x.equal(torch::full({2, 2, 8, 8}, 9.0)));
}

TEST_CASE("a part of a batch is augmented as it is in the whole", "[data][together]") {
  const Examples examples = numbered(9);
  const torch::Tensor indices = torch::arange(9);
  const AugmentConfig config{true, 2, 3};
  const torch::Tensor whole = augmented(examples, indices, raw(2), config, 5);
  for (const auto& [first, count] : {std::pair<int64_t, int64_t>{0, 4}, {4, 5}}) {
    const torch::Tensor part =
        augmented(examples, BatchPart{indices, first, count}, raw(2), config, 5);
    REQUIRE(part.equal(whole.narrow(0, first, count)));
  }
}

namespace {

/// Pictures, indices and a normalisation to compare two ways of augmenting.
struct Comparison {
  explicit Comparison(int64_t channels) {
    torch::manual_seed(3);
    examples.images = torch::randint(0, 256, {50, channels, 17, 12}).to(torch::kUInt8);
    indices = torch::randint(0, 50, {33}, torch::kInt64);
    normalization = {torch::rand({1, channels, 1, 1}), torch::rand({1, channels, 1, 1}) + 0.1};
  }
  Examples examples;
  torch::Tensor indices;
  Normalization normalization;
};

AugmentConfig some_config() {
  return GENERATE(AugmentConfig{true, 4, 8}, AugmentConfig{false, 2, 0}, AugmentConfig{true, 0, 5});
}

}  // namespace

TEST_CASE("the pixel rule of the CUDA kernel agrees with plain tensor operations", "[data]") {
  const int64_t channels = GENERATE(1, 3);
  const AugmentConfig config = some_config();
  const Comparison c(channels);
  const auto draws = draw_augmentation(33, {channels, 17, 12}, config, 77);
  const torch::Tensor found = torch::full({33, 17, 12, channels}, -99.0f);
  AugmentLaunch launch;
  launch.images = c.examples.images.const_data_ptr<uint8_t>();
  launch.indices = c.indices.const_data_ptr<int64_t>();
  launch.draws = draws.data();
  launch.mean = c.normalization.mean.const_data_ptr<float>();
  launch.deviation = c.normalization.deviation.const_data_ptr<float>();
  launch.out = found.data_ptr<float>();
  launch.batch = 33;
  launch.channels = static_cast<int32_t>(channels);
  launch.height = 17;
  launch.width = 12;
  launch.padding = static_cast<int32_t>(config.crop_padding);
  launch.cutout = static_cast<int32_t>(config.cutout);
  for (int64_t i = 0; i < 33 * 17 * 12; ++i) augment_pixel(launch, i);
  const torch::Tensor expected =
      augmented_by_tensors(c.examples, c.indices, c.normalization, config, draw_tensor(draws));
  REQUIRE(torch::allclose(found.permute({0, 3, 1, 2}), expected, 1e-5, 1e-5));
}

TEST_CASE("the CUDA kernel agrees with plain tensor operations", "[data][cuda]") {
  if (!has_augment_kernel() || !torch::cuda::is_available()) {
    WARN("skipped: " << (has_augment_kernel() ? "no GPU here" : "built without CUDA"));
    return;
  }
  const torch::Device cuda(torch::kCUDA, 0);
  const int64_t channels = GENERATE(1, 3);
  const AugmentConfig config = some_config();
  const Comparison c(channels);
  const Examples there{c.examples.images.to(cuda), {}};
  const Normalization same{c.normalization.mean.to(cuda), c.normalization.deviation.to(cuda)};
  const torch::Tensor expected = augmented(c.examples, c.indices, c.normalization, config, 77);
  const torch::Tensor found = augmented(there, c.indices.to(cuda), same, config, 77);
  REQUIRE(found.is_contiguous(torch::MemoryFormat::ChannelsLast));
  REQUIRE(torch::allclose(found.cpu(), expected, 1e-5, 1e-5));
}

TEST_CASE("a step reads its batch, or a part of it, from tensors that stay where they are",
          "[data]") {
  TrainingData data;
  data.train = numbered(20);
  data.train.labels = torch::arange(20);
  data.normalization = raw(2);
  const AugmentConfig config{true, 2, 3};
  BatchInputs inputs(data, config, 8);
  for (const uint64_t seed : {5, 6}) {
    const BatchPart part{torch::randperm(20).narrow(0, 0, 10), 3, seed == 5 ? 7 : 4};
    inputs.set(part, seed);
    REQUIRE(inputs.images().equal(augmented(data.train, part, data.normalization, config, seed)));
    REQUIRE(inputs.labels().equal(part.indices.narrow(0, part.first, part.count)));
  }
}

}  // namespace nas

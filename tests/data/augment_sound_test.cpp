#include "nas/data/augment_sound.hpp"

#include <cmath>
#include <set>

#include "nas/core/error.hpp"
#include "nas/torch/torch.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Value (m, t) of every spectrogram is 1 + 12 m + t; none is 0 or the floor.
Examples numbered(int64_t count) {
  const torch::Tensor one = torch::arange(1, 1 + 8 * 12, torch::kFloat32).view({1, 1, 8, 12});
  return {one.expand({count, -1, -1, -1}).contiguous(), torch::zeros({count}, torch::kInt64)};
}

Normalization none() { return {torch::zeros({1, 1, 1, 1}), torch::ones({1, 1, 1, 1})}; }

AugmentConfig sounds(int64_t shift, int64_t time_mask, int64_t frequency_mask) {
  AugmentConfig config;
  config.time_shift = shift;
  config.time_mask = time_mask;
  config.frequency_mask = frequency_mask;
  return config;
}

torch::Tensor augment(const Examples& examples, const AugmentConfig& config, uint64_t seed) {
  return augmented(examples, torch::arange(examples.size()), none(), config, seed);
}

}  // namespace

TEST_CASE("a shift moves columns and lets silence in, either way", "[data][audio]") {
  const Examples examples = numbered(200);
  const torch::Tensor x = augment(examples, sounds(3, 0, 0), 5);
  const double silence = std::log(LogMel::kFloor);
  std::set<int64_t> shifts;
  for (int64_t i = 0; i < 200; ++i) {
    for (int64_t shift = -3; shift <= 3; ++shift) {
      const torch::Tensor padded =
          torch::constant_pad_nd(examples.images[i], {3, 3, 0, 0}, silence);
      if (x[i].equal(padded.narrow(2, 3 - shift, 12))) shifts.insert(shift);
    }
  }
  REQUIRE(shifts.size() == 7);
}

TEST_CASE("masks set columns side by side and bands side by side to the mean", "[data][audio]") {
  const Examples examples = numbered(300);
  const torch::Tensor x = augment(examples, sounds(0, 4, 2), 5);
  std::set<int64_t> widths;
  std::set<int64_t> heights;
  for (int64_t i = 0; i < 300; ++i) {
    const torch::Tensor masked = x[i][0].eq(0);
    const torch::Tensor columns = masked.all(0);
    const torch::Tensor bands = masked.all(1);
    const int64_t width = columns.sum().item<int64_t>();
    const int64_t height = bands.sum().item<int64_t>();
    widths.insert(width);
    heights.insert(height);
    REQUIRE(masked.sum().item<int64_t>() == width * 8 + height * 12 - width * height);
    for (const torch::Tensor& mask : {columns, bands}) {
      const torch::Tensor places = mask.nonzero();
      if (places.numel() == 0) continue;
      REQUIRE((places.max() - places.min()).item<int64_t>() + 1 == places.numel());
    }
    REQUIRE(x[i].masked_select(masked.logical_not())
                .equal(examples.images[i].masked_select(masked.logical_not())));
  }
  REQUIRE(widths == std::set<int64_t>{0, 1, 2, 3, 4});
  REQUIRE(heights == std::set<int64_t>{0, 1, 2});
}

TEST_CASE("augmentation of recordings depends on the seed alone", "[data][audio]") {
  const Examples examples = numbered(32);
  const AugmentConfig config = sounds(3, 4, 2);
  const torch::Tensor first = augment(examples, config, 5);
  torch::rand({7});
  REQUIRE(first.equal(augment(examples, config, 5)));
  REQUIRE_FALSE(first.equal(augment(examples, config, 6)));
  REQUIRE(first.is_contiguous(torch::MemoryFormat::ChannelsLast));
  // Examples are not changed by what is made of them.
  REQUIRE(examples.images.equal(numbered(32).images));
}

TEST_CASE("a mask wider than the spectrogram covers it at most", "[data][audio]") {
  const torch::Tensor x = augment(numbered(300), sounds(0, 100, 0), 5);
  int64_t whole = 0;
  for (int64_t i = 0; i < 300; ++i) whole += x[i].eq(0).all().item<bool>() ? 1 : 0;
  REQUIRE(whole > 5);
  REQUIRE(whole < 60);
}

TEST_CASE("augmentation of another kind of data is refused", "[data][audio]") {
  AugmentConfig flip;
  flip.flip = true;
  REQUIRE_THROWS_WITH(augment(numbered(2), flip, 5), ContainsSubstring("only pictures"));
  const Examples pictures{torch::zeros({2, 1, 8, 8}, torch::kUInt8),
                          torch::zeros({2}, torch::kInt64)};
  REQUIRE_THROWS_WITH(augment(pictures, sounds(1, 0, 0), 5), ContainsSubstring("recordings"));
  const Examples table{torch::zeros({2, 5, 1, 1}), torch::zeros({2}, torch::kInt64)};
  REQUIRE_THROWS_AS(augment(table, sounds(1, 0, 0), 5), InputError);
}

}  // namespace nas

#include "nas/plan/compression.hpp"

#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// 8x8: a convolution of 8 channels; 4x4: one of 16, depthwise and plain; scores.
std::pair<NetworkPlan, Shape> two_stages() {
  Convolution depthwise{16, 16, {3, 3}, 1, {1, 1}};
  depthwise.groups = 16;
  return PlanChain({1, 8, 8})
      .then(Convolution{1, 8, {3, 3}, 1, {1, 1}}, "first")
      .then(BatchNorm{8}, "bn")
      .then(Relu{}, "relu")
      .then(Convolution{8, 16, {3, 3}, 2, {1, 1}}, "second")
      .then(depthwise, "depthwise")
      .then(Convolution{16, 7, {1, 1}}, "third")
      .then(GlobalAveragePool{}, "pool")
      .then(Linear{7, 10}, "scores")
      .done();
}

Compression per_stage(std::vector<double> keep, std::vector<int64_t> bits) {
  return {Compression::Per::stage, std::move(keep), std::move(bits)};
}

}  // namespace

TEST_CASE("A compression is the same after it was written and read") {
  const Compression compression = per_stage({1, 0.25}, {8, 4});
  const std::string text = R"({"per": "stage", "keep": [1, 0.25], "bits": [8, 4]})";
  CHECK(to_text(compression) == text);
  const Compression read = compression_from_text(text);
  CHECK(read.per == compression.per);
  CHECK(read.keep == compression.keep);
  CHECK(read.bits == compression.bits);
}

TEST_CASE("A text that is no compression is refused with what was expected") {
  const auto refused = [](const char* text) { return compression_from_text(text); };
  CHECK_THROWS_WITH(refused("{}"), ContainsSubstring("\"stage\" or \"layer\""));
  CHECK_THROWS_WITH(refused("["), ContainsSubstring("\"stage\" or \"layer\""));
  CHECK_THROWS_WITH(refused(R"({"per": "layer", "keep": [1], "bits": 8})"),
                    ContainsSubstring("'bits': expected a list"));
  CHECK_THROWS_WITH(refused(R"({"per": "layer", "keep": [1], "bits": [8, 4]})"),
                    ContainsSubstring("as many shares as bits"));
  CHECK_THROWS_WITH(refused(R"({"per": "layer", "keep": [0], "bits": [8]})"),
                    ContainsSubstring("found 0, expected 0 to 1"));
  CHECK_THROWS_WITH(refused(R"({"per": "layer", "keep": [1], "bits": [5]})"),
                    ContainsSubstring("found 5, expected 4 or 8"));
}

TEST_CASE("Each stage keeps its share of channels and has its bits") {
  const auto [plan, input] = two_stages();
  const CompressedPlan smaller = compressed_plan(plan, input, per_stage({0.25, 0.5}, {8, 4}));
  const auto channels = [&](size_t node) { return shapes(smaller.plan, input)[node].channels; };
  CHECK(channels(1) == 2);
  CHECK(channels(4) == 8);
  CHECK(channels(5) == 8);  // goes with what it reads
  CHECK(channels(6) == 4);  // 3.5, rounded
  CHECK(channels(8) == 10);
  CHECK(smaller.bits == WeightBits{{"second", 4}, {"depthwise", 4}, {"third", 4}, {"scores", 4}});
}

TEST_CASE("Bytes of weights are those of each layer's bits, rounded up") {
  const auto [plan, input] = two_stages();
  CHECK(weight_bytes(plan, {}) == 72 + 16 * 72 + 144 + 112 + 70);
  CHECK(weight_bytes(plan, {{"first", 4}, {"scores", 4}}) == 36 + 16 * 72 + 144 + 112 + 35);
  const CompressedPlan smaller = compressed_plan(plan, input, per_stage({0.25, 0.5}, {8, 4}));
  CHECK(weight_bytes(smaller.plan, smaller.bits) == 18 + 72 + 36 + 16 + 20);
}

TEST_CASE("Layers have numbers of their own where these are given per layer") {
  const auto [plan, input] = two_stages();
  const CompressedPlan smaller =
      compressed_plan(plan, input, {Compression::Per::layer, {0.5, 1, 1}, {4, 8, 4}});
  CHECK(shapes(smaller.plan, input)[1].channels == 4);
  CHECK(shapes(smaller.plan, input)[4].channels == 16);
  CHECK(smaller.bits == WeightBits{{"first", 4}, {"depthwise", 4}, {"third", 4}, {"scores", 4}});
}

TEST_CASE("A layer never loses its last channel") {
  const auto [plan, input] = two_stages();
  const CompressedPlan smaller = compressed_plan(plan, input, per_stage({0.01}, {8}));
  CHECK(shapes(smaller.plan, input)[1].channels == 1);
  CHECK(cost(smaller.plan, input).parameters < cost(plan, input).parameters);
}

TEST_CASE("Bits by layer are the same after they were written and read") {
  const WeightBits bits{{"a.conv", 4}, {"b", 8}};
  CHECK(weight_bits_from_text(to_text(bits)) == bits);
  CHECK(bits_of(bits, "a.conv") == 4);
  CHECK(bits_of(bits, "other") == 8);
  CHECK_THROWS_AS(weight_bits_from_text("[1"), InputError);
  CHECK_THROWS_WITH(weight_bits_from_text(R"({"a": 3})"), ContainsSubstring("expected 4 or 8"));
}

}  // namespace nas

#include "nas/hardware/space_layers.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

std::set<LatencyKey> keys_of(const Space& space) {
  std::set<LatencyKey> keys;
  for (const auto& layer : layers_of(space)) CHECK(keys.insert(layer.key()).second);
  return keys;
}

/// Points of another stream than those that were looked at.
void expect_known(const Space& space, const std::set<LatencyKey>& keys) {
  for (uint64_t i = 0; i < 300; ++i) {
    RandomStream random(7, "others", i);
    const auto plan = space.network(sample(space.choices(), random));
    for (const auto& layer : timed_layers(*plan, space.task().input)) {
      INFO(to_text(layer.key()));
      REQUIRE(keys.contains(layer.key()));
    }
  }
}

TEST_CASE("The layers of a space are those of all its points, each once") {
  const auto cells = make_nas_bench_201({8, 1, true, {}}, {{1, 8, 8}, 10});
  expect_known(*cells, keys_of(*cells));
  const auto sizes = make_nats_size({}, {{3, 32, 32}, 10});
  const auto keys = keys_of(*sizes);
  expect_known(*sizes, keys);
  // Widths of 8 to 64: the first convolution of eight, and every pair of neighbours.
  const auto count = [&](int64_t in, int64_t out, const std::string& shape) {
    const std::string layer = "convolution " + std::to_string(in) + " to " + std::to_string(out);
    return std::count_if(keys.begin(), keys.end(), [&](const LatencyKey& key) {
      return key.layer.starts_with(layer + ", kernel 3x3") && key.inputs.front() == shape;
    });
  };
  for (int64_t width = 8; width <= 64; width += 8) {
    INFO(width);
    CHECK(count(3, width, "3x32x32") == 1);
    CHECK(count(width, 64, std::to_string(width) + "x32x32") > 0);
  }
}

}  // namespace
}  // namespace nas

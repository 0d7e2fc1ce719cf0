#include "nas/hardware/measure_table.hpp"

#include "nas/hardware/space_layers.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("a measured table has each layer of the space once and predicts its networks",
          "[hardware]") {
  const auto space = make_nas_bench_201({4, 1, true, {}}, {{1, 8, 8}, 10});
  auto layers = layers_of(*space);
  const size_t distinct = layers.size();
  layers.push_back(layers.front());
  HardwareConfig config;
  config.device = "cpu";
  config.batch_size = 2;
  config.warmup = 0;
  config.runs = 3;
  size_t told = 0;
  const LatencyTable table = measure_table(config, layers, [&](size_t done, size_t total) {
    REQUIRE(done == ++told);
    REQUIRE(total == distinct);
  });
  REQUIRE(told == distinct);
  REQUIRE(table.entries.size() == distinct);
  REQUIRE(table.batch_size == 2);
  REQUIRE(table.threads == 1);
  for (const auto& [key, seconds] : table.entries) REQUIRE(seconds > 0);
  for (uint64_t i = 0; i < 20; ++i) {
    RandomStream random(3, "points", i);
    const auto plan = space->network(sample(space->choices(), random));
    double by_hand = table.overhead;
    for (const auto& layer : timed_layers(*plan, space->task().input)) {
      by_hand += table.entries.at(layer.key());
    }
    REQUIRE(table.predict(*plan, space->task().input) == Approx(by_hand).epsilon(1e-12));
  }
}

}  // namespace nas

#include "nas/hardware/device_meter.hpp"

#include "nas/hardware/allocation_peak.hpp"
#include "nas/hardware/timing.hpp"
#include "nas/plan/cost.hpp"
#include "nas/torch/torch.hpp"
#include "search_spaces/nas_bench_201.hpp"
#include "tests/support/catch.hpp"
#include "tests/torch/plans.hpp"

namespace nas {
namespace {

constexpr int64_t kFloat = 4;  // bytes

HardwareConfig on_cpu(int64_t batch_size) {
  HardwareConfig config;
  config.device = "cpu";
  config.batch_size = batch_size;
  config.warmup = 1;
  config.runs = 3;
  return config;
}

Metrics measured(const NetworkPlan& plan, const Shape& input, int64_t batch_size,
                 const std::vector<std::string>& metrics) {
  const auto meter = make_device_meter(on_cpu(batch_size), metrics);
  CHECK_FALSE(meter->repeatable());
  return std::get<Score>(meter->measure(plan, input)).metrics;
}

}  // namespace

TEST_CASE("the peak of allocations is of those that are alive at once", "[hardware]") {
  const torch::Tensor before = torch::ones({1000});
  const int64_t peak = peak_allocation(torch::kCPU, [&] {
    { const torch::Tensor a = torch::empty({5000}); }
    const torch::Tensor b = torch::empty({3000});
    const torch::Tensor c = torch::empty({3500});
  });
  REQUIRE(peak == 6500 * kFloat);
  REQUIRE(peak_allocation(torch::kCPU, [] {}) == 0);
}

TEST_CASE("peak memory of a plan worked out by hand is exact", "[hardware]") {
  // Zeros of the input's size beside the input; then a quarter of it beside the zeros, with the
  // places of the maxima that the pooling writes down, 8 bytes each.
  const NetworkPlan plan = test::chain({Zero{1}, MaxPool{2, 2, 0}});
  const double size = 6 * 8 * 8 * kFloat;
  const Metrics metrics = measured(plan, {6, 8, 8}, 5, {"peak_memory"});
  REQUIRE(metrics.size() == 1);
  REQUIRE(metrics.at("peak_memory") == 5 * 2.75 * size);
}

TEST_CASE("peak memory of a network is what its live tensors need, and little more", "[hardware]") {
  const auto space = make_nas_bench_201({16, 1, true, {}}, {{3, 32, 32}, 10});
  for (const char* cell :
       {"|nor_conv_3x3~0|+|nor_conv_3x3~0|nor_conv_3x3~1|+|skip_connect~0|nor_conv_3x3~1|"
        "nor_conv_3x3~2|",
        "|avg_pool_3x3~0|+|none~0|skip_connect~1|+|skip_connect~0|none~1|nor_conv_1x1~2|"}) {
    const auto plan = space->network(space->parse(cell));
    const Shape input = space->task().input;
    const double live = static_cast<double>(cost(*plan, input).peak_activations * kFloat);
    const double peak = measured(*plan, input, 4, {"peak_memory"}).at("peak_memory");
    INFO(cell << ": " << peak << " bytes, live tensors " << 4 * live);
    REQUIRE(peak >= 4 * live);
    REQUIRE(peak <= 4 * 2 * live);
  }
}

TEST_CASE("only what is asked for is measured", "[hardware]") {
  const NetworkPlan plan = test::chain({test::convolution(3, 4, 3), GlobalAveragePool{}});
  const int threads = at::get_num_threads();
  const Metrics both = measured(plan, {3, 16, 16}, 2, {"latency", "peak_memory"});
  REQUIRE(both.size() == 2);
  REQUIRE(both.at("latency") > 0);
  REQUIRE(measured(plan, {3, 16, 16}, 2, {"latency"}).size() == 1);
  REQUIRE(at::get_num_threads() == threads);
}

TEST_CASE("a run is timed as often as was said, after its warm-up", "[hardware]") {
  int calls = 0;
  const auto seconds = timed_runs({torch::kCPU, 3, 5}, [&] { ++calls; });
  REQUIRE(seconds.size() == 5);
  REQUIRE(calls == 8);
  for (const double one : seconds) REQUIRE(one >= 0);
}

TEST_CASE("a network that does not fit is a failure, not an end", "[hardware]") {
  const auto meter = make_device_meter(on_cpu(1 << 20), {"latency"});
  const NetworkPlan plan = test::chain({test::convolution(3, 1 << 20, 1)});
  const Outcome outcome = meter->measure(plan, {3, 4096, 4096});
  REQUIRE(std::get<Failure>(outcome).kind == "oom");
}

}  // namespace nas

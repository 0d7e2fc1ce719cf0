#include "nas/supernet/darts_search.hpp"
#include "nas/torch/device.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/bench/tensor_step_settings.hpp"

namespace nas {

Json bench_supernet_step(const BenchRequest& request, const Program&) {
  StepSettings options;
  options.batch_size = 16;
  options.warmup = 1;
  options.runs = 5;
  DartsOptions darts;
  const Json settings = read_settings(
      "supernet_step", "space: {type: darts, channels: 8, cells: 3}", request.settings,
      [&](Section& section) {
        describe(section, options);
        section.integer("order", darts.order, {1, 2, ""}, "of the architecture's gradient");
        section.integer("partial_channels", darts.partial_channels, {1, 64, ""},
                        "one in so many channels goes through the mixed operations");
        section.boolean("edge_normalization", darts.edge_normalization,
                        "edges have weights of their own");
      });
  const TimingSetting timing = options.prepare();
  const auto space = options.space.make(options.task());
  darts.batch_size = options.batch_size;
  darts.guard.iterations = 0;
  // Half of the examples train the weights.
  const TrainingData data =
      noise(options.task(), 2 * options.batch_size * options.steps(), timing.device);
  DartsSearch search({darts, 0, 0, timing.device}, *space, data);
  BenchResult result{"supernet_step", settings, {}, "seconds a step", {}, 0};
  result.samples = timed_runs(timing, [&] { search.step(); });
  result.device = describe_device(timing.device);
  result.peak_memory = peak_memory_of(timing.device);
  return to_json(result);
}

}  // namespace nas

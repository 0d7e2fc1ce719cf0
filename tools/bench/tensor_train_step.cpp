#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/device.hpp"
#include "nas/train/training.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/bench/tensor_step_settings.hpp"

namespace nas {

Json bench_train_step(const BenchRequest& request, const Program&) {
  StepSettings options;
  std::string architecture;
  Json settings = read_settings(
      "train_step", "space: {type: nas_bench_201}", request.settings, [&](Section& section) {
        describe(section, options);
        section.text("arch", architecture, "the architecture's text; empty: a random one");
      });
  const TimingSetting timing = options.prepare();
  const auto space = options.space.make(options.task());
  RandomStream random(0, "bench.train_step");
  const Point point =
      architecture.empty() ? sample(space->choices(), random) : space->parse(architecture);
  const auto plan = space->network(point);
  if (!plan) throw UsageError("train_step: this space describes no networks");
  settings["arch"] = space->text(point);
  const TrainingData data =
      noise(options.task(), options.batch_size * options.steps(), timing.device);
  TrainConfig config;
  config.batch_size = options.batch_size;
  Training training({config, 0, timing.device, "bench"}, *plan, data);
  BenchResult result{"train_step", settings, {}, "seconds a step", {}, 0};
  result.samples = timed_runs(timing, [&] { training.step(); });
  result.device = describe_device(timing.device);
  result.peak_memory = peak_memory_of(timing.device);
  return to_json(result);
}

}  // namespace nas

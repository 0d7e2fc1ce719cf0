#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/device.hpp"
#include "nas/train/training.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/bench/tensor_step_settings.hpp"

namespace nas {
namespace {

/// Steps, the look for numbers that are not finite, scoring: what a candidate's epoch costs.
void train_epoch(Training& training) {
  do training.step();
  while (!training.at_epoch_end());
  if (!training.finite()) throw RunError("epoch: the weights are not finite");
  training.finish_epoch();
}

}  // namespace

Json bench_epoch(const BenchRequest& request, const Program&) {
  StepSettings options;
  options.warmup = 1;
  options.runs = 3;
  std::string architecture;
  int64_t examples = 1024;
  int64_t validation = 256;
  TrainConfig config;
  Json settings = read_settings(
      "epoch", "space: {type: nas_bench_201}", request.settings, [&](Section& section) {
        describe(section, options);
        section.text("arch", architecture, "the architecture's text; empty: a random one");
        section.integer("examples", examples, {2, 1 << 24, "examples"}, "to train on");
        section.integer("validation", validation, {1, 1 << 24, "examples"}, "to score");
        section.section("augment", "random changes of training images",
                        [&](Section& augment) { describe(augment, config.augment); });
      });
  const TimingSetting timing = options.prepare();
  const auto space = options.space.make(options.task());
  RandomStream random(0, "bench.epoch");
  const Point point =
      architecture.empty() ? sample(space->choices(), random) : space->parse(architecture);
  const auto plan = space->network(point);
  if (!plan) throw UsageError("epoch: this space describes no networks");
  settings["arch"] = space->text(point);
  TrainingData data = noise(options.task(), examples, timing.device);
  data.validation = noise(options.task(), validation, timing.device).train;
  config.batch_size = options.batch_size;
  config.epochs = options.warmup + options.runs;
  Training training({config, 0, timing.device, "bench"}, *plan, data);
  BenchResult result{"epoch", settings, {}, "seconds an epoch", {}, 0};
  result.samples = timed_runs(timing, [&] { train_epoch(training); });
  result.device = describe_device(timing.device);
  result.peak_memory = peak_memory_of(timing.device);
  return to_json(result);
}

}  // namespace nas

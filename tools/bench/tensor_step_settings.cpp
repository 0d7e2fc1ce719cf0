#include "tools/bench/tensor_step_settings.hpp"

#include <algorithm>

#include "nas/config/section.hpp"
#include "nas/torch/device.hpp"
#include "search_spaces/registry.hpp"

namespace nas {

TaskShape StepSettings::task() const { return {shape_from_text(input), classes}; }

TimingSetting StepSettings::prepare() const {
  configure_torch({threads, /*deterministic=*/true, kernel_choice_from_text(kernels),
                   graph_choice_from_text(cuda_graph)});
  const torch::Device chosen = select_device(device);
  // A step is recorded after its warm-up, and that does not count.
  const int64_t least = chosen.is_cuda() ? RepeatedWork::kWarmup + 1 : 0;
  return {chosen, std::max(warmup, least), runs};
}

void describe(Section& section, StepSettings& settings) {
  settings.space = read_component(section, "space", "what the network is of", space_registry());
  section.text("input", settings.input, "shape of one example");
  section.integer("classes", settings.classes, {2, 1 << 20, "classes"}, "of the examples");
  section.integer("batch_size", settings.batch_size, {1, 1 << 20, "examples"}, "of a step");
  section.integer("warmup", settings.warmup, {0, 1'000'000, "steps"}, "before those that count");
  section.integer("runs", settings.runs, {1, 1'000'000, "steps"}, "that count");
  section.integer("threads", settings.threads, {1, 1024, "threads"}, "of the CPU");
  section.text("device", settings.device, "cpu, cuda, cuda:N or auto");
  static constexpr std::string_view kKernels[] = {"automatic", "reference"};
  section.one_of("kernels", settings.kernels, kKernels, "ours where they fit, or LibTorch's alone");
  static constexpr std::string_view kGraphs[] = {"auto", "true", "false"};
  section.one_of("cuda_graph", settings.cuda_graph, kGraphs, "whether a GPU replays steps");
}

}  // namespace nas

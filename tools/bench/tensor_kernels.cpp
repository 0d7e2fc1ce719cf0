#include <utility>

#include "nas/core/error.hpp"
#include "nas/core/statistics.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/operations.hpp"
#include "nas/torch/device.hpp"
#include "nas/torch/module_builder.hpp"
#include "nas/torch/torch.hpp"
#include "nas/train/precision.hpp"
#include "tools/bench/benchmark.hpp"
#include "tools/bench/tensor_benchmarks.hpp"
#include "tools/bench/tensor_machine_peaks.hpp"

namespace nas {
namespace {

const char* const kMixed = "mixed";
constexpr std::string_view kOperations[] = {"sep_conv_3x3", "sep_conv_5x5", "dil_conv_3x3",
                                            "dil_conv_5x5", "max_pool_3x3", "avg_pool_3x3"};
/// Over all channels; on no mixed edge of darts. Its share of the peak counts the multiply-adds of
/// the definition, more than its tiles need.
constexpr std::string_view kOverAllChannels = "nor_conv_3x3";
constexpr std::string_view kPrecisions[] = {"float32", "bfloat16"};

struct Options {
  std::string kernel = "all";
  int64_t channels = 16;
  int64_t side = 32;
  int64_t stride = 1;
  int64_t batch_size = 64;
  std::string precision = "float32";
  TimingSetting timing{torch::kCPU, 2, 10};
  int64_t threads = 1;
  std::string device = "auto";
};

void describe(Section& section, Options& options) {
  section.text("kernel", options.kernel,
               "an operation of a mixed edge, nor_conv_3x3, mixed (a whole edge), or all");
  section.integer("channels", options.channels, {1, 1 << 14, "channels"}, "in and out");
  section.integer("side", options.side, {3, 1 << 12, "pixels"}, "height and width of the input");
  section.integer("stride", options.stride, {1, 2, ""}, "of the first convolution or the pool");
  section.integer("batch_size", options.batch_size, {1, 1 << 20, "examples"}, "at once");
  section.one_of("precision", options.precision, kPrecisions, "bfloat16: by autocast");
  section.integer("warmup", options.timing.warmup, {0, 1'000'000, ""}, "before those that count");
  section.integer("runs", options.timing.runs, {1, 1'000'000, ""}, "that count");
  section.integer("threads", options.threads, {1, 1024, "threads"}, "of the CPU");
  section.text("device", options.device, "cpu, cuda, cuda:N or auto");
}

/// As on an edge of a differentiable search: batch norms without weights, one after a pool, too.
NetworkPlan operation_plan(std::string_view name, const Options& options) {
  OperationSetting setting{options.channels, options.channels, options.stride};
  setting.affine = false;
  PlanBuilder plan;
  int64_t node = plan.splice(find_operation(name).build(setting), PlanBuilder::kInput, "op");
  if (name.find("pool") != std::string_view::npos) {
    node = plan.add(BatchNorm{options.channels, false}, {node}, "bn");
  }
  return std::move(plan).finish({node});
}

struct Case {
  NetworkPlan plan;
  int64_t multiply_adds = 0;  // of a forward pass of one sample
  int64_t options = 0;        // of a mixed edge; 0 where it is none
};

Case case_of(std::string_view name, const Options& options) {
  const Shape input{options.channels, options.side, options.side};
  if (name != kMixed) {
    NetworkPlan plan = operation_plan(name, options);
    const int64_t count = cost(plan, input).multiply_adds;
    return {std::move(plan), count, 0};
  }
  Mixed mixed;
  int64_t count = 0;
  for (const std::string_view operation : kOperations) {
    mixed.options.push_back(operation_plan(operation, options));
    count += cost(mixed.options.back(), input).multiply_adds;
  }
  mixed.options.push_back(operation_plan("skip_connect", options));
  count += cost(mixed.options.back(), input).multiply_adds;
  const auto number = static_cast<int64_t>(mixed.options.size());
  PlanBuilder plan;
  const int64_t node = plan.add(std::move(mixed), {PlanBuilder::kInput}, "mixed");
  return {std::move(plan).finish({node}), count, number};
}

/// Forward and backward through one network, again and again.
class Pass {
 public:
  Pass(const Case& work, const Options& options)
      : precision_(options.precision == kPrecisions[1] ? Precision::bfloat16 : Precision::float32),
        device_(options.timing.device),
        network_(build_network(work.plan, 0, device_)),
        mixture_(work.options == 0 ? torch::Tensor() : even_mixture(work.options, device_)) {
    torch::manual_seed(0);
    network_->train();
    x_ = torch::randn({options.batch_size, options.channels, options.side, options.side})
             .to(device_, torch::kFloat32, false, false, torch::MemoryFormat::ChannelsLast)
             .requires_grad_();
    inputs_ = network_->parameters();
    inputs_.push_back(x_);
    if (mixture_.defined()) inputs_.push_back(mixture_);
    gradient_ = torch::ones_like(forward());
  }

  void run() const { torch::autograd::grad({forward()}, inputs_, {gradient_}); }
  int64_t output_elements() const { return gradient_.numel(); }

 private:
  static torch::Tensor even_mixture(int64_t options, torch::Device device) {
    return torch::full({1, options}, 1.0 / static_cast<double>(options), device).requires_grad_();
  }
  torch::Tensor forward() const {
    const AutocastScope autocast(precision_, device_);
    if (mixture_.defined()) network_->set_mixture({mixture_});
    return network_->forward(x_).front();
  }

  Precision precision_;
  torch::Device device_;
  std::shared_ptr<Network> network_;
  torch::Tensor mixture_;
  torch::Tensor x_;
  std::vector<torch::Tensor> inputs_;
  torch::Tensor gradient_;
};

std::vector<double> seconds_with(KernelChoice kernels, const Pass& pass, const Options& options) {
  set_kernel_choice(kernels);
  return timed_runs(options.timing, [&] { pass.run(); });
}

Json spread_of(const std::vector<double>& samples) {
  return {quantile(samples, 0.25), quantile(samples, 0.75)};
}

/// The least that must be read and written, input and output once each way, whatever the number of
/// passes that batch norm needs: forward x and y; backward x, the gradients of y and of x.
double least_bytes(const Pass& pass, const Options& options) {
  const auto input =
      static_cast<double>(options.batch_size * options.channels * options.side * options.side);
  const double width = options.precision == kPrecisions[1] ? 2 : 4;
  return width * (3 * input + 2 * static_cast<double>(pass.output_elements()));
}

Json result_of(std::string_view name, const Options& options, Json settings,
               const MachinePeaks& peaks) {
  settings["kernel"] = name;
  const Case work = case_of(name, options);
  const Pass pass(work, options);
  const auto reference = seconds_with(KernelChoice::reference, pass, options);
  BenchResult result{"kernels", settings, {}, "seconds forward and backward", {}, 0};
  result.samples = seconds_with(KernelChoice::automatic, pass, options);
  // Forward, gradient of the input, gradient of the weights.
  const auto multiply_adds = 3 * static_cast<double>(work.multiply_adds * options.batch_size);
  const double bytes = least_bytes(pass, options);
  const double least = least_seconds(peaks, multiply_adds, bytes);
  result.more = {
      {"layers", {{"median", median(reference)}, {"spread", spread_of(reference)}}},
      {"times_faster", median(reference) / median(result.samples)},
      {"multiply_adds", multiply_adds},
      {"bytes", bytes},
      {"peak",
       {{"multiply_adds_per_second", peaks.multiply_adds}, {"bytes_per_second", peaks.bytes}}},
      {"share_of_peak", least / median(result.samples)}};
  result.device = describe_device(options.timing.device);
  result.peak_memory = peak_memory_of(options.timing.device);
  return to_json(result);
}

std::vector<std::string_view> chosen_kernels(const std::string& name) {
  std::vector<std::string_view> all(std::begin(kOperations), std::end(kOperations));
  all.push_back(kOverAllChannels);
  all.emplace_back(kMixed);
  if (name == "all") return all;
  for (const std::string_view kernel : all) {
    if (kernel == name) return {kernel};
  }
  throw UsageError("kernel: there is none for '" + name + "'; `nas bench kernels` measures all");
}

}  // namespace

Json bench_kernels(const BenchRequest& request, const Program&) {
  Options options;
  const Json settings = read_settings("kernels", "{}", request.settings,
                                      [&](Section& section) { describe(section, options); });
  const auto kernels = chosen_kernels(options.kernel);
  configure_torch({options.threads, /*deterministic=*/true});
  options.timing.device = select_device(options.device);
  const MachinePeaks peaks = measure_peaks(options.timing);
  Json results = Json::array();
  for (const std::string_view kernel : kernels) {
    results.push_back(result_of(kernel, options, settings, peaks));
  }
  return results;
}

}  // namespace nas

#include "tools/bench/tensor_machine_peaks.hpp"

#include <algorithm>

#include "nas/torch/torch.hpp"

namespace nas {
namespace {

constexpr int64_t kTries = 5;

double fastest(const TimingSetting& timing, const std::function<void()>& work) {
  const auto seconds = timed_runs({timing.device, 1, kTries}, work);
  return *std::min_element(seconds.begin(), seconds.end());
}

}  // namespace

MachinePeaks measure_peaks(const TimingSetting& timing) {
  const torch::NoGradGuard no_grad;
  const bool cpu = timing.device.is_cpu();
  const int64_t side = cpu ? 1024 : 8192;
  const int64_t elements = (cpu ? int64_t{64} : int64_t{1024}) << 18;  // 4 bytes each
  const auto options = torch::dtype(torch::kFloat32).device(timing.device);
  MachinePeaks peaks;
  {
    const torch::Tensor a = torch::ones({side, side}, options);
    torch::Tensor out = torch::empty({side, side}, options);
    const auto product = static_cast<double>(side * side * side);
    peaks.multiply_adds = product / fastest(timing, [&] { at::mm_out(out, a, a); });
  }
  const torch::Tensor from = torch::ones({elements}, options);
  const torch::Tensor to = torch::empty({elements}, options);
  const auto moved = static_cast<double>(2 * elements * from.element_size());
  peaks.bytes = moved / fastest(timing, [&] { torch::Tensor(to).copy_(from); });
  return peaks;
}

double least_seconds(const MachinePeaks& peaks, double multiply_adds, double bytes) {
  return std::max(multiply_adds / peaks.multiply_adds, bytes / peaks.bytes);
}

}  // namespace nas

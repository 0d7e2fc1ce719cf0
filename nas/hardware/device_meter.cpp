#include "nas/hardware/device_meter.hpp"

#include <algorithm>
#include <chrono>

#include "nas/core/statistics.hpp"
#include "nas/hardware/allocation_peak.hpp"
#include "nas/hardware/device_energy.hpp"
#include "nas/hardware/forward_pass.hpp"
#include "nas/hardware/timing.hpp"
#include "nas/torch/device.hpp"
#include "nas/train/failures.hpp"

namespace nas {
namespace {

/// Counters move a few to a few dozen times a second.
constexpr std::chrono::seconds kEnergyTime(2);

class DeviceMeter final : public NetworkMeter {
 public:
  DeviceMeter(const HardwareConfig& config, const std::vector<std::string>& metrics)
      : config_(config), metrics_(metrics), device_(select_device(config.device)) {
    if (wants("energy")) energy_ = make_energy_counter(device_);
  }

  Outcome measure(const NetworkPlan& plan, const Shape& input) override {
    return with_failures([&]() -> Outcome {
      const ThreadCount threads(config_.threads);
      const ForwardPass pass(plan, input, config_.batch_size, device_);
      Score score;
      if (wants("latency")) score.metrics["latency"] = latency(pass);
      if (wants("peak_memory")) {
        const int64_t allocated = peak_allocation(device_, pass);
        score.metrics["peak_memory"] = static_cast<double>(pass.input_bytes() + allocated);
      }
      if (wants("energy")) score.metrics["energy"] = energy(pass);
      return score;
    });
  }

  bool repeatable() const override { return false; }

 private:
  bool wants(std::string_view metric) const {
    return std::find(metrics_.begin(), metrics_.end(), metric) != metrics_.end();
  }

  double latency(const ForwardPass& pass) const {
    return median(timed_runs({device_, config_.warmup, config_.runs}, pass));
  }

  double energy(const ForwardPass& pass) {
    for (int64_t i = 0; i < config_.warmup; ++i) pass();
    synchronize(device_);
    const auto start = std::chrono::steady_clock::now();
    const double before = energy_->joules();
    int64_t passes = 0;
    for (; passes < config_.runs || std::chrono::steady_clock::now() - start < kEnergyTime;
         ++passes) {
      pass();
      if (passes % 64 == 63) synchronize(device_);  // the host must not run ahead for seconds
    }
    synchronize(device_);
    return (energy_->joules() - before) / static_cast<double>(passes);
  }

  HardwareConfig config_;
  std::vector<std::string> metrics_;
  torch::Device device_;
  std::unique_ptr<EnergyCounter> energy_;
};

}  // namespace

std::unique_ptr<NetworkMeter> make_device_meter(const HardwareConfig& config,
                                                const std::vector<std::string>& metrics) {
  return std::make_unique<DeviceMeter>(config, metrics);
}

}  // namespace nas

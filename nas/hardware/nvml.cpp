#include "nas/hardware/nvml.hpp"

#include <dlfcn.h>
#include <fmt/core.h>

#include <string_view>
#include <utility>

#include "nas/core/error.hpp"

namespace nas {
namespace {

constexpr const char* kLibrary = "libnvidia-ml.so.1";
constexpr double kJoulesPerCount = 1e-3;

// As NVML's documentation has them; its header is not needed to call it.
using NvmlReturn = int;
using NvmlDevice = struct NvmlDeviceHandle*;
constexpr NvmlReturn kSuccess = 0;

/// The library, loaded and initialised as long as this lives.
class Nvml {
 public:
  Nvml() : library_(::dlopen(kLibrary, RTLD_NOW | RTLD_LOCAL)) {
    if (library_ == nullptr) {
      const char* reason = ::dlerror();
      throw UsageError(fmt::format("energy of the GPU: found no {} of NVIDIA's driver ({})",
                                   kLibrary, reason == nullptr ? "" : reason));
    }
    try {
      require(call<NvmlReturn()>("nvmlInit_v2")(), "starting");
    } catch (...) {
      ::dlclose(library_);
      throw;
    }
  }
  ~Nvml() {
    if (auto* shut_down = find<NvmlReturn()>("nvmlShutdown")) shut_down();
    ::dlclose(library_);
  }
  Nvml(const Nvml&) = delete;
  Nvml& operator=(const Nvml&) = delete;

  NvmlDevice device(const std::string& uuid) const {
    NvmlDevice device = nullptr;
    require(call<NvmlReturn(const char*, NvmlDevice*)>("nvmlDeviceGetHandleByUUID")(uuid.c_str(),
                                                                                    &device),
            "GPU " + uuid);
    return device;
  }

  /// Millijoules since the driver was loaded.
  unsigned long long energy(NvmlDevice device) const {
    unsigned long long millijoules = 0;
    require(call<NvmlReturn(NvmlDevice, unsigned long long*)>(
                "nvmlDeviceGetTotalEnergyConsumption")(device, &millijoules),
            "its total energy counter");
    return millijoules;
  }

 private:
  template <class Function>
  Function* find(const char* name) const {
    return reinterpret_cast<Function*>(::dlsym(library_, name));
  }

  template <class Function>
  Function* call(const char* name) const {
    if (auto* function = find<Function>(name)) return function;
    throw UsageError(fmt::format("energy of the GPU: {} has no {}", kLibrary, name));
  }

  void require(NvmlReturn result, std::string_view what) const {
    if (result == kSuccess) return;
    auto* text = find<const char*(NvmlReturn)>("nvmlErrorString");
    throw UsageError(fmt::format(
        "energy of the GPU: {}: {}", what,
        text == nullptr ? fmt::format("NVML error {}", result) : std::string(text(result))));
  }

  void* library_;
};

class NvmlCounter final : public EnergyCounter {
 public:
  explicit NvmlCounter(const std::string& uuid)
      : device_(nvml_.device(uuid)), first_(nvml_.energy(device_)) {}

  double joules() override {
    return static_cast<double>(nvml_.energy(device_) - first_) * kJoulesPerCount;
  }

 private:
  Nvml nvml_;
  NvmlDevice device_;
  unsigned long long first_;
};

}  // namespace

void check_nvml() { const Nvml nvml; }

std::unique_ptr<EnergyCounter> make_nvml_counter(const std::string& uuid) {
  return std::make_unique<NvmlCounter>(uuid);
}

}  // namespace nas

#include "nas/hardware/energy_counter.hpp"

#include "nas/core/error.hpp"
#include "nas/hardware/nvml.hpp"
#include "nas/hardware/rapl.hpp"

namespace nas {

void check_energy_counter(const std::string& device) {
  if (device == "cpu") {
    make_rapl_counter(kPowercapFolder);
  } else if (device != "auto") {
    check_nvml();
  } else {
    try {
      check_nvml();
    } catch (const UsageError& no_gpu) {
      try {
        make_rapl_counter(kPowercapFolder);
      } catch (const UsageError& no_cpu) {
        throw UsageError(std::string(no_gpu.what()) + "; " + no_cpu.what());
      }
    }
  }
}

}  // namespace nas

#include "nas/hardware/device_energy.hpp"

#include "nas/core/error.hpp"
#include "nas/hardware/nvml.hpp"
#include "nas/hardware/rapl.hpp"
#ifdef NAS_WITH_CUDA
#include "nas/torch/cuda_device.hpp"
#endif

namespace nas {

std::unique_ptr<EnergyCounter> make_energy_counter(torch::Device device) {
  if (device.is_cpu()) return make_rapl_counter(kPowercapFolder);
#ifdef NAS_WITH_CUDA
  return make_nvml_counter(cuda_device_facts(device.index()).uuid);
#else
  throw UsageError(
      "energy of the GPU: this program was built without CUDA and cannot tell which of NVML's "
      "devices is " +
      device.str());
#endif
}

}  // namespace nas

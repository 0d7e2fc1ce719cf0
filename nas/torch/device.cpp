#include "nas/torch/device.hpp"

#include <ATen/Version.h>
#include <ATen/detail/CUDAHooksInterface.h>
#include <c10/core/CachingDeviceAllocator.h>
#include <torch/version.h>

#include <climits>
#include <cstdlib>
#include <optional>

#ifdef __GLIBC__
#include <malloc.h>
#endif

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/machine.hpp"
#include "nas/torch/torch.hpp"
#ifdef NAS_WITH_CUDA
#include "nas/torch/cuda_device.hpp"
#endif

namespace nas {
namespace {

torch::Device cuda_device(std::string_view name, int64_t index) {
  const auto count = static_cast<int64_t>(torch::cuda::device_count());
  if (index < count) return {torch::kCUDA, static_cast<torch::DeviceIndex>(index)};
  throw UsageError("device '" + std::string(name) + "' is not there: found " +
                   std::to_string(count) + " CUDA devices");
}

/// The N of "cuda:N".
std::optional<int64_t> device_number(std::string_view name) {
  constexpr std::string_view kPrefix = "cuda:";
  if (!name.starts_with(kPrefix)) return std::nullopt;
  const std::string_view digits = name.substr(kPrefix.size());
  const bool valid = !digits.empty() && digits.size() <= 3 &&
                     digits.find_first_not_of("0123456789") == std::string_view::npos;
  if (!valid) return std::nullopt;
  return std::stoll(std::string(digits));
}

Json describe_processor() {
  Json json;
  json["name"] = processor_name();
  json["capability"] = at::get_cpu_capability();
  json["mkldnn"] = at::globalContext().userEnabledMkldnn();
  json["mkldnn_version"] = at::get_mkldnn_version();
  json["threads"] = at::get_num_threads();
  return json;
}

Json describe_cuda(torch::Device device) {
  Json json;
#ifdef NAS_WITH_CUDA
  const CudaDeviceFacts facts = cuda_device_facts(device.index());
  json["name"] = facts.name;
  json["capability"] = facts.capability;
  json["memory"] = facts.memory;
  json["driver"] = facts.driver;
#else
  json["index"] = static_cast<int64_t>(device.index());
#endif
  const auto& hooks = at::detail::getCUDAHooks();
  json["runtime"] = static_cast<int64_t>(hooks.versionCUDART());
  if (torch::cuda::cudnn_is_available()) {
    json["cudnn"] = static_cast<int64_t>(hooks.versionRuntimeCuDNN());
  }
  return json;
}

/// glibc gives large blocks back to the system when they are freed, and each step of a training
/// gets them anew, page by page, filled with zeros: a tenth of a supernet's step on two cores.
void keep_freed_memory() {
#ifdef __GLIBC__
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the most that glibc takes
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
  mallopt(M_TOP_PAD, 64 << 20);
#endif
}

}  // namespace

torch::Device select_device(std::string_view name) {
  if (name == "cpu") return torch::kCPU;
  if (name == "auto") {
    return torch::cuda::is_available() ? torch::Device(torch::kCUDA, 0)
                                       : torch::Device(torch::kCPU);
  }
  if (name == "cuda") return cuda_device(name, 0);
  if (const auto number = device_number(name)) return cuda_device(name, *number);
  throw UsageError("device '" + std::string(name) + "': expected cpu, cuda, cuda:N or auto");
}

std::string device_of_process(std::string_view name, int64_t local_rank) {
  const auto count = static_cast<int64_t>(torch::cuda::device_count());
  if ((name != "auto" && name != "cuda") || count < 2) return std::string(name);
  return "cuda:" + std::to_string(local_rank % count);
}

void configure_torch(const Determinism& options) {
  keep_freed_memory();
  // Read by cuBLAS when it starts; without it, sums are in an order of its own choosing.
  if (options.deterministic) setenv("CUBLAS_WORKSPACE_CONFIG", ":4096:8", 1);
  set_kernel_choice(options.kernels);
  set_graph_choice(options.graphs);
  at::set_num_threads(static_cast<int>(options.threads));
  if (at::get_num_interop_threads() != 1) at::set_num_interop_threads(1);
  auto& context = at::globalContext();
  context.setDeterministicAlgorithms(options.deterministic, /*warn_only=*/false);
  // Filling fresh memory with NaN is for finding mistakes, and costs time.
  context.setDeterministicFillUninitializedMemory(false);
  context.setDeterministicCuDNN(options.deterministic);
  context.setBenchmarkCuDNN(!options.deterministic);
  context.setDeterministicMkldnn(options.deterministic);
}

Json describe_device(torch::Device device) {
  Json json;
  json["device"] = device.str();
  json["libtorch"] = TORCH_VERSION;
  json["deterministic"] = at::globalContext().deterministicAlgorithms();
  json["kernels"] = to_text(kernel_choice());
  json["cpu"] = describe_processor();
  if (device.is_cuda()) json["cuda"] = describe_cuda(device);
  return json;
}

std::optional<DeviceMemory> take_device_memory(torch::Device device) {
#ifdef NAS_WITH_CUDA
  // What the driver and LibTorch's libraries take for each process beside tensors.
  constexpr int64_t kContext = int64_t{600} << 20;
  if (!device.is_cuda()) return std::nullopt;
  constexpr auto kAll = static_cast<size_t>(c10::CachingAllocator::StatType::AGGREGATE);
  auto* allocator = c10::getDeviceAllocator(device.type());
  if (!allocator->initialized()) return std::nullopt;
  const int64_t peak = allocator->getDeviceStats(device.index()).reserved_bytes[kAll].peak;
  allocator->emptyCache();
  allocator->resetPeakStats(device.index());
  return DeviceMemory{peak + kContext, cuda_device_facts(device.index()).memory};
#else
  static_cast<void>(device);
  return std::nullopt;
#endif
}

void synchronize(torch::Device device) {
  if (device.is_cuda()) torch::cuda::synchronize(device.index());
}

}  // namespace nas

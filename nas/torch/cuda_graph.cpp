#include "nas/torch/repeated_work.hpp"
#include "nas/torch/torch.hpp"

#ifdef NAS_WITH_CUDA
#include <ATen/cuda/CUDAEvent.h>
#include <ATen/cuda/CUDAGraph.h>
#include <c10/cuda/CUDAGuard.h>
#endif

namespace nas {

#ifdef NAS_WITH_CUDA
namespace {

/// Recordings may only be made on a stream that is not the default one.
class CudaGraphRecorder final : public WorkRecorder {
 public:
  explicit CudaGraphRecorder(torch::DeviceIndex device)
      : stream_(c10::cuda::getStreamFromPool(/*isHighPriority=*/false, device)) {}

  void run(const std::function<void()>& work) override {
    const auto outer = c10::cuda::getCurrentCUDAStream(stream_.device_index());
    follow(stream_, outer);
    {
      const c10::cuda::CUDAStreamGuard guard(stream_);
      work();
    }
    follow(outer, stream_);
  }

  void record(const std::function<void()>& work) override {
    graph_.reset();  // its memory is free for the new one
    auto graph = std::make_unique<at::cuda::CUDAGraph>();
    const auto outer = c10::cuda::getCurrentCUDAStream(stream_.device_index());
    outer.synchronize();
    const c10::cuda::CUDAStreamGuard guard(stream_);
    graph->capture_begin();  // knows the default generator
    try {
      work();
    } catch (...) {
      leave(*graph);
      throw;
    }
    graph->capture_end();
    graph_ = std::move(graph);
  }

  void replay() override { graph_->replay(); }

 private:
  /// What `later` is given from now on comes after what `earlier` has.
  static void follow(const c10::cuda::CUDAStream& later, const c10::cuda::CUDAStream& earlier) {
    at::cuda::CUDAEvent event;
    event.record(earlier);
    event.block(later);
  }

  /// Ends a recording that failed, which says so once more.
  static void leave(at::cuda::CUDAGraph& graph) {
    try {
      graph.capture_end();
    } catch (const std::exception&) {
      return;
    }
  }

  c10::cuda::CUDAStream stream_;
  std::unique_ptr<at::cuda::CUDAGraph> graph_;
};

}  // namespace
#endif

std::unique_ptr<WorkRecorder> make_recorder(torch::Device device, std::string& refusal) {
  if (!device.is_cuda()) {
    refusal = "CUDA graphs need a CUDA device, and this is " + device.str();
    return nullptr;
  }
#ifdef NAS_WITH_CUDA
  return std::make_unique<CudaGraphRecorder>(device.index());
#else
  refusal = "this program was compiled without CUDA";
  return nullptr;
#endif
}

}  // namespace nas

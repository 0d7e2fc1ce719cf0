#include "nas/torch/backends.hpp"
#include "nas/torch/torch.hpp"

#ifdef NAS_WITH_NCCL
#define USE_C10D_NCCL
#include <torch/csrc/distributed/c10d/ProcessGroupNCCL.hpp>
#endif

namespace nas {

c10::intrusive_ptr<c10d::Backend> make_nccl([[maybe_unused]] const BackendPlace& place) {
#ifdef NAS_WITH_NCCL
  auto options = c10d::ProcessGroupNCCL::Options::create();
  options->timeout = place.patience;
  return c10::make_intrusive<c10d::ProcessGroupNCCL>(place.store, place.rank, place.count,
                                                     std::move(options));
#else
  return {};
#endif
}

}  // namespace nas

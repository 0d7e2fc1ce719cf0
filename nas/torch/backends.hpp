#pragma once

#include <memory>
#include <torch/csrc/distributed/c10d/Backend.hpp>
#include <torch/csrc/distributed/c10d/Store.hpp>

namespace nas {

struct BackendPlace {
  c10::intrusive_ptr<c10d::Store> store;
  int rank = 0;
  int count = 1;
  std::chrono::milliseconds patience{};
};

/// NCCL between GPUs, one a process; null where this program was built without NCCL.
c10::intrusive_ptr<c10d::Backend> make_nccl(const BackendPlace& place);

/// Gloo between host memories. It listens at the address by which this machine reaches `peer`, or
/// on the interface that GLOO_SOCKET_IFNAME names.
c10::intrusive_ptr<c10d::Backend> make_gloo(const BackendPlace& place, const std::string& peer);

}  // namespace nas

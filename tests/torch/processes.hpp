#pragma once

#include <cstdlib>
#include <functional>
#include <thread>
#include <vector>

#include "nas/torch/process_group.hpp"
#include "nas/torch/torch.hpp"

namespace nas::test {

/// Calls `body` in `count` threads that stand for processes.
inline void with_processes(int64_t count, const std::function<void(ProcessGroup&)>& body) {
  // LibTorch's record of what a process' groups do is not made for several groups on threads.
  setenv("TORCH_FR_BUFFER_SIZE", "0", /*replace=*/0);
  Rendezvous first({0, count, 0, "127.0.0.1", 0}, Rendezvous::Role::serves, 30);
  const uint16_t port = first.port();
  std::vector<std::thread> threads;
  for (int64_t rank = 0; rank < count; ++rank) {
    threads.emplace_back([&, rank] {
      const ProcessRank self{rank, count, rank, "127.0.0.1", port};
      Rendezvous own(self, Rendezvous::Role::joins, 30);
      ProcessGroup group(own, self, "test", torch::kCPU);
      body(group);
    });
  }
  for (auto& thread : threads) thread.join();
}

}  // namespace nas::test

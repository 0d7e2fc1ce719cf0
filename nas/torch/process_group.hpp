#pragma once

#include <torch/types.h>

#include <cstdint>
#include <memory>
#include <string>

#include "nas/torch/rendezvous.hpp"

namespace nas {

/// Processes that compute together. Each calls the same functions in the same order with tensors of
/// the same shapes; results are bit for bit the same in all of them. Host memory goes through Gloo,
/// a GPU's through NCCL where this program has it, else through host memory. All calls throw
/// RunError where another process is gone, or silent for longer than the rendezvous' patience.
class ProcessGroup {
 public:
  /// Returns once all `self.count` processes have made the group `name` at the same rendezvous.
  ProcessGroup(Rendezvous& rendezvous, const ProcessRank& self, const std::string& name,
               torch::Device device);
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  int64_t rank() const { return rank_; }
  int64_t count() const { return count_; }
  bool leads() const { return rank_ == 0; }

  /// Replaces a contiguous tensor by the sum of all processes'.
  void sum(torch::Tensor tensor);
  /// Whether it is so in any of them.
  bool any(bool here);
  /// The leader's text, in all of them.
  std::string shared(const std::string& text);

 private:
  struct State;
  int64_t rank_;
  int64_t count_;
  std::unique_ptr<State> state_;
};

}  // namespace nas

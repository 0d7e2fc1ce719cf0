#pragma once

#include <cstdint>
#include <vector>

#include "nas/plan/network.hpp"

namespace nas {

/// Where every value of a network lies while it runs on one sample, node after node, in numbers
/// (of whatever size) from the start of an arena. Element by element, [H, W, C].
struct MemoryPlan {
  /// By node; -1 for the Input, which stays with its owner.
  std::vector<int64_t> outputs;
  /// By node: room for intermediate numbers; -1 where none is needed.
  std::vector<int64_t> scratch;
  /// Of the arena.
  int64_t size = 0;
};

/// Places the outputs of all nodes of an inference network (see TrainedNetwork). A layer that works
/// number by number overwrites an input that nothing reads later.
MemoryPlan plan_memory(const NetworkPlan& plan, const Shape& input);

}  // namespace nas

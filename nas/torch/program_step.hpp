#pragma once

#include <cstdint>
#include <vector>

#include "nas/torch/layers.hpp"

namespace nas {

class BranchSource;
class JoinedGraph;

/// What a program does next: a function of some slots, or a graph of several outputs.
struct ProgramStep {
  const LayerFunction* function = nullptr;
  /// The function as a sum of branches over the inputs, for a graph to take in.
  const BranchSource* source = nullptr;
  /// The same by overwriting its input; null where that must not be.
  const LayerFunction* overwriting = nullptr;
  std::vector<int64_t> inputs;
  int64_t output = 0;
  /// Slots that nothing reads any more.
  std::vector<int64_t> release;
  const JoinedGraph* graph = nullptr;
  /// Slots of the graph's outputs.
  std::vector<int64_t> outputs;
};

}  // namespace nas

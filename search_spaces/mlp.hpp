#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/search/space.hpp"
#include "search_spaces/task_options.hpp"

namespace nas {

class Section;

struct MlpOptions {
  /// Hidden layers that a network may have.
  std::vector<int64_t> layers{1, 2, 3};
  /// Features that a hidden layer may have.
  std::vector<int64_t> widths{16, 32, 64, 128, 256};
  /// Batch norm before each activation.
  bool batch_norm = true;
  /// Probability with which training drops each output of a hidden layer; several are a choice.
  std::vector<double> dropouts{0};
  TaskOptions task;
};

void describe(Section& section, MlpOptions& options);

/// Layers of linear, batch norm, activation on the flattened input, for tables: how many, how wide
/// each, and ReLU or GELU for all, with dropout behind the activations. Text: the widths, then the
/// activation, `128-64 relu`, and where dropout is a choice `128-64 relu dropout=0.2`. A network's
/// weights are all in the largest one under the same names, no smaller there in any dimension.
std::unique_ptr<Space> make_mlp(const MlpOptions& options, TaskShape task);

}  // namespace nas

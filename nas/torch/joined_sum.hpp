#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "nas/torch/layers.hpp"

namespace nas {

/// One term of a sum: what a function gives of its one input, or an input itself where it is null.
struct JoinedTerm {
  const LayerFunction* function = nullptr;
  /// That of `function`; null where the term is an input itself.
  const BranchSource* source = nullptr;
};

/// A sum of terms, each of its own input in order, by one branch_sum() where that takes all inputs;
/// else by the functions, then `add`. All of them outlive it.
std::unique_ptr<LayerFunction> make_joined_sum(std::vector<JoinedTerm> terms,
                                               const LayerFunction* add);

}  // namespace nas

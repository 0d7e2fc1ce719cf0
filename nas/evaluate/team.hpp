#pragma once

#include <torch/types.h>

#include <memory>

#include "nas/search/evaluator.hpp"

namespace nas {

class ProcessGroup;

/// Gathers the processes that train an assignment's network together on `device`s of their own;
/// each then evaluates the same assignment.
class Team {
 public:
  virtual ~Team() = default;
  virtual std::unique_ptr<ProcessGroup> gather(const Assignment& assignment,
                                               torch::Device device) = 0;
};

}  // namespace nas

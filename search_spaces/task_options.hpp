#pragma once

#include <cstdint>
#include <string>

#include "nas/plan/network.hpp"

namespace nas {

class Section;

/// Options that every space of networks has: by default the task's own shape.
struct TaskOptions {
  std::string input;    // "3x32x32"; empty: as the data
  int64_t classes = 0;  // 0: as the data
};

void describe(Section& section, TaskOptions& options);

/// The task with what the options say put in its place.
TaskShape applied(const TaskOptions& options, TaskShape task);

}  // namespace nas

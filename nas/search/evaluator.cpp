#include "nas/search/evaluator.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

namespace nas {

std::string trial_folder_name(int64_t number) { return fmt::format("trial-{:06}", number); }

int64_t last_epoch(const Assignment& assignment, int64_t epochs) {
  if (assignment.budget <= 0) return epochs;
  return std::min(epochs, static_cast<int64_t>(std::ceil(std::min(assignment.budget, 0x1p62))));
}

}  // namespace nas

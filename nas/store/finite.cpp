#include "nas/store/finite.hpp"

#include <fmt/core.h>

#include <cmath>

#include "nas/core/error.hpp"

namespace nas {

void refuse_non_finite(const Trial& trial) {
  for (const auto& [name, value] : trial.metrics) {
    if (!std::isfinite(value)) {
      throw RunError(fmt::format("trial {}: metric {} is not finite", trial.number, name));
    }
  }
}

}  // namespace nas

#include "nas/supernet/collapse.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// Of the eigenvalue over the `window` epochs that end with `last`.
double mean_eigenvalue(std::span<const Metrics> epochs, size_t last, size_t window) {
  double sum = 0;
  for (size_t i = last + 1 - window; i <= last; ++i) sum += std::abs(epochs[i].at(kEigenvalue));
  return sum / static_cast<double>(window);
}

/// Whether the eigenvalue has grown beyond what the guard lets pass.
bool eigenvalue_ran_away(std::span<const Metrics> epochs, const CollapseGuard& guard) {
  const auto window = static_cast<size_t>(guard.window);
  if (guard.eigenvalue_ratio <= 0 || guard.iterations == 0 || epochs.size() < 2 * window) {
    return false;
  }
  const size_t last = epochs.size() - 1;
  return mean_eigenvalue(epochs, last - window, window) <
         guard.eigenvalue_ratio * mean_eigenvalue(epochs, last, window);
}

}  // namespace

std::optional<size_t> collapsed_after(std::span<const Metrics> epochs, const CollapseGuard& guard) {
  if (epochs.empty()) return std::nullopt;
  const size_t last = epochs.size() - 1;
  if (eigenvalue_ran_away(epochs, guard)) return last - static_cast<size_t>(guard.window);
  const bool too_many =
      guard.skip_connections >= 0 &&
      epochs[last].at(kSkipConnections) > static_cast<double>(guard.skip_connections);
  return too_many ? std::optional<size_t>(std::max<size_t>(last, 1) - 1) : std::nullopt;
}

}  // namespace nas

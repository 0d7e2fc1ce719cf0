#include "nas/search/hypervolume.hpp"

#include <algorithm>
#include <vector>

namespace nas {
namespace {

/// Volume over the first `count` objectives; every point is better than the reference in these.
double volume(std::vector<Utilities> points, const Utilities& reference, size_t count) {
  if (points.empty()) return 0;
  const size_t last = count - 1;
  std::sort(points.begin(), points.end(),
            [last](const auto& a, const auto& b) { return a[last] > b[last]; });
  if (count == 1) return points.front()[0] - reference[0];
  double total = 0;
  if (count == 2) {
    double reached = reference[0];
    for (const Utilities& point : points) {
      if (point[0] <= reached) continue;
      total += (point[0] - reached) * (point[1] - reference[1]);
      reached = point[0];
    }
    return total;
  }
  // The slice below the i-th point is dominated by it and by all that are better in the last one.
  for (size_t i = 0; i < points.size(); ++i) {
    const double below = i + 1 < points.size() ? points[i + 1][last] : reference[last];
    const double thickness = points[i][last] - below;
    if (thickness <= 0) continue;
    const std::vector<Utilities> above(points.begin(), points.begin() + static_cast<long>(i) + 1);
    total += thickness * volume(above, reference, last);
  }
  return total;
}

}  // namespace

double hypervolume(std::span<const Utilities> points, const Utilities& reference) {
  std::vector<Utilities> inside;
  for (const Utilities& point : points) {
    bool better = true;
    for (size_t i = 0; i < reference.size(); ++i) better = better && point[i] > reference[i];
    if (better) inside.push_back(point);
  }
  return volume(std::move(inside), reference, reference.size());
}

}  // namespace nas

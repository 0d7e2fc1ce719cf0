#include "nas/search/front_volume.hpp"

#include <algorithm>

#include "nas/search/hypervolume.hpp"

namespace nas {

std::optional<double> front_volume(std::span<const Trial> trials, const Objectives& objectives) {
  if (objectives.size() < 2) return std::nullopt;
  std::vector<Utilities> points;
  Utilities worst;
  for (const Trial& trial : trials) {
    auto values = utilities(trial, objectives);
    if (!values || !trial.point) continue;
    if (worst.empty()) worst = *values;
    for (size_t i = 0; i < worst.size(); ++i) worst[i] = std::min(worst[i], (*values)[i]);
    points.push_back(*std::move(values));
  }
  if (points.empty()) return std::nullopt;
  return hypervolume(points, worst);
}

}  // namespace nas

#include "controllers/ranking.hpp"

#include <algorithm>

namespace nas {

std::vector<size_t> ranking(std::span<const Utilities> all) {
  std::vector<size_t> order;
  std::vector<size_t> failed;
  std::vector<Utilities> scored;
  for (size_t i = 0; i < all.size(); ++i) {
    (all[i].empty() ? failed : order).push_back(i);
    if (!all[i].empty()) scored.push_back(all[i]);
  }
  if (!scored.empty() && scored[0].size() == 1) {
    std::stable_sort(order.begin(), order.end(),
                     [&](size_t a, size_t b) { return all[a][0] > all[b][0]; });
  } else {
    const std::vector<size_t> given = std::move(order);
    order.clear();
    for (auto& front : sorted_fronts(scored)) {
      const auto distances = crowding_distances(scored, front);
      std::vector<size_t> places(front.size());
      for (size_t i = 0; i < places.size(); ++i) places[i] = i;
      std::stable_sort(places.begin(), places.end(),
                       [&](size_t a, size_t b) { return distances[a] > distances[b]; });
      for (const size_t place : places) order.push_back(given[front[place]]);
    }
  }
  order.insert(order.end(), failed.begin(), failed.end());
  return order;
}

}  // namespace nas

#include "nas/search/pareto.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <numeric>
#include <utility>

namespace nas {

bool dominates(const Utilities& a, const Utilities& b) {
  bool better = false;
  for (size_t i = 0; i < a.size(); ++i) {
    if (a[i] < b[i]) return false;
    better = better || a[i] > b[i];
  }
  return better;
}

std::vector<std::vector<size_t>> sorted_fronts(std::span<const Utilities> all) {
  std::vector<std::vector<size_t>> dominated(all.size());
  std::vector<int64_t> dominators(all.size(), 0);
  for (size_t i = 0; i < all.size(); ++i) {
    for (size_t j = 0; j < all.size(); ++j) {
      if (!dominates(all[i], all[j])) continue;
      dominated[i].push_back(j);
      ++dominators[j];
    }
  }
  std::vector<std::vector<size_t>> fronts;
  std::vector<size_t> front;
  for (size_t i = 0; i < all.size(); ++i) {
    if (dominators[i] == 0) front.push_back(i);
  }
  while (!front.empty()) {
    std::vector<size_t> next;
    for (const size_t i : front) {
      for (const size_t j : dominated[i]) {
        if (--dominators[j] == 0) next.push_back(j);
      }
    }
    std::sort(next.begin(), next.end());
    fronts.push_back(std::exchange(front, std::move(next)));
  }
  return fronts;
}

std::vector<double> crowding_distances(std::span<const Utilities> all,
                                       std::span<const size_t> front) {
  std::vector<double> distances(front.size(), 0.0);
  if (front.empty()) return distances;
  std::vector<size_t> order(front.size());
  for (size_t objective = 0; objective < all[front.front()].size(); ++objective) {
    const auto value = [&](size_t rank) { return all[front[order[rank]]][objective]; };
    std::iota(order.begin(), order.end(), size_t{0});
    std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
      return all[front[a]][objective] < all[front[b]][objective];
    });
    const double length = value(order.size() - 1) - value(0);
    distances[order.front()] = std::numeric_limits<double>::infinity();
    distances[order.back()] = std::numeric_limits<double>::infinity();
    if (length <= 0) continue;
    for (size_t rank = 1; rank + 1 < order.size(); ++rank) {
      distances[order[rank]] += (value(rank + 1) - value(rank - 1)) / length;
    }
  }
  return distances;
}

}  // namespace nas

#include "controllers/tpe_split.hpp"

#include <algorithm>
#include <numeric>

#include "nas/search/hypervolume.hpp"

namespace nas {
namespace {

/// No weight is less than this part of the mean: what is equal to the rest is still good.
constexpr double kLeastWeight = 0.01;

std::vector<double> normalized(std::vector<double> weights) {
  const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
  const auto count = static_cast<double>(weights.size());
  double total = 0;
  for (double& weight : weights) {
    weight = sum > 0 ? std::max(weight / sum * count, kLeastWeight) : 1;
    total += weight;
  }
  for (double& weight : weights) weight *= count / total;
  return weights;
}

/// Takes those out of `rest` that no other of it dominates.
std::vector<size_t> take_front(std::span<const Utilities> all, std::vector<size_t>& rest) {
  // A point can only be dominated by one that has a larger sum, so that one pass over them in
  // this order, against the front found so far, is enough.
  std::vector<double> sums(all.size());
  for (const size_t i : rest) sums[i] = std::accumulate(all[i].begin(), all[i].end(), 0.0);
  std::stable_sort(rest.begin(), rest.end(), [&](size_t a, size_t b) { return sums[a] > sums[b]; });
  std::vector<size_t> front;
  std::vector<size_t> others;
  for (const size_t i : rest) {
    const bool beaten = std::any_of(front.begin(), front.end(),
                                    [&](size_t member) { return dominates(all[member], all[i]); });
    (beaten ? others : front).push_back(i);
  }
  rest = std::move(others);
  return front;
}

/// Each objective on [0, 1] between the worst and the best of these, so that none outweighs others.
std::vector<Utilities> scaled(std::span<const Utilities> all, std::span<const size_t> indices) {
  std::vector<Utilities> points;
  for (const size_t i : indices) points.push_back(all[i]);
  for (size_t objective = 0; !points.empty() && objective < points[0].size(); ++objective) {
    const auto [least, most] = std::minmax_element(
        points.begin(), points.end(),
        [&](const auto& a, const auto& b) { return a[objective] < b[objective]; });
    const double low = (*least)[objective];
    const double length = (*most)[objective] - low;
    for (auto& point : points) {
      point[objective] = length > 0 ? (point[objective] - low) / length : 1;
    }
  }
  return points;
}

/// Below the worst, so that the ends of a front dominate something, too.
Utilities reference_of(std::span<const Utilities> points) {
  return Utilities(points.empty() ? 0 : points[0].size(), -0.1);
}

/// `count` of the front, one after another the one that adds the most.
std::vector<size_t> widest(std::span<const Utilities> all, std::vector<size_t> front,
                           size_t count) {
  auto points = scaled(all, front);
  const Utilities reference = reference_of(points);
  std::vector<size_t> chosen;
  std::vector<Utilities> taken;
  while (chosen.size() < count) {
    size_t best = 0;
    double most = -1;
    for (size_t i = 0; i < points.size(); ++i) {
      taken.push_back(points[i]);
      const double volume = hypervolume(taken, reference);
      taken.pop_back();
      if (volume <= most) continue;
      most = volume;
      best = i;
    }
    chosen.push_back(front[best]);
    taken.push_back(points[best]);
    front.erase(front.begin() + static_cast<std::ptrdiff_t>(best));
    points.erase(points.begin() + static_cast<std::ptrdiff_t>(best));
  }
  return chosen;
}

/// What each adds to the volume of all.
std::vector<double> contributions(std::span<const Utilities> all, std::span<const size_t> indices) {
  auto points = scaled(all, indices);
  const Utilities reference = reference_of(points);
  const double whole = hypervolume(points, reference);
  std::vector<double> added;
  for (size_t i = 0; i < points.size(); ++i) {
    std::swap(points[i], points.back());
    added.push_back(whole - hypervolume(std::span(points).first(points.size() - 1), reference));
    std::swap(points[i], points.back());
  }
  return added;
}

}  // namespace

GoodObservations best_by_utility(std::span<const Utilities> all, std::span<const size_t> order,
                                 size_t count) {
  GoodObservations good;
  const double threshold = all[order[std::min(count, order.size() - 1)]][0];
  for (const size_t i : order.first(count)) {
    good.indices.push_back(i);
    good.weights.push_back(all[i][0] - threshold);
  }
  good.weights = normalized(std::move(good.weights));
  return good;
}

GoodObservations best_by_fronts(std::span<const Utilities> all, size_t count) {
  GoodObservations good;
  std::vector<size_t> rest(all.size());
  std::iota(rest.begin(), rest.end(), size_t{0});
  while (good.indices.size() < count && !rest.empty()) {
    auto front = take_front(all, rest);
    const size_t open = count - good.indices.size();
    if (front.size() > open) front = widest(all, std::move(front), open);
    good.indices.insert(good.indices.end(), front.begin(), front.end());
  }
  good.weights = normalized(contributions(all, good.indices));
  return good;
}

}  // namespace nas

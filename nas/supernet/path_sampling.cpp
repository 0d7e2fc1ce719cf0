#include "nas/supernet/path_sampling.hpp"

#include <algorithm>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// The choice's values in random order, gone through again until there are `count`.
std::vector<Value> shuffled_values(const Choice& choice, int64_t count, RandomStream& random) {
  const auto* interval = std::get_if<IntegerInterval>(&choice.domain);
  std::vector<int64_t> order(static_cast<size_t>(cardinality(choice)));
  std::iota(order.begin(), order.end(), interval != nullptr ? interval->low : 0);
  std::vector<Value> values;
  while (static_cast<int64_t>(values.size()) < count) {
    random.shuffle(order);
    values.insert(values.end(), order.begin(), order.end());
  }
  values.resize(static_cast<size_t>(count));
  return values;
}

std::vector<Point> fair_points(const Choices& choices, RandomStream& random) {
  int64_t most = 1;
  for (const Choice& choice : choices) {
    if (choice.when || cardinality(choice) == 0) {
      throw UsageError("sampling: fair: choice '" + choice.name + "' " +
                       (choice.when ? "depends on another" : "is a real number") +
                       ", expected options that are always there; uniform takes any");
    }
    most = std::max(most, cardinality(choice));
  }
  std::vector<Point> points(static_cast<size_t>(most));
  for (const Choice& choice : choices) {
    const std::vector<Value> values = shuffled_values(choice, most, random);
    for (size_t i = 0; i < points.size(); ++i) points[i].values.push_back(values[i]);
  }
  return points;
}

}  // namespace

std::vector<Point> sampled_points(const Choices& choices, PathSampling sampling,
                                  RandomStream& random) {
  if (sampling == PathSampling::fair) return fair_points(choices, random);
  return {sample(choices, random)};
}

}  // namespace nas

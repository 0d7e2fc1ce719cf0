#include "controllers/variation.hpp"

#include "nas/search/sampling.hpp"

namespace nas {

Point crossed(const Choices& choices, const Point& a, const Point& b, RandomStream& random) {
  Point child = a;
  for (size_t i = 0; i < choices.size(); ++i) {
    const bool first = random.below(2) == 0;
    const Value& wanted = (first ? a : b).values[i];
    const Value& other = (first ? b : a).values[i];
    if (!is_active(choices[i], child.values)) {
      child.values[i] = std::monostate{};
    } else if (!std::holds_alternative<std::monostate>(wanted)) {
      child.values[i] = wanted;
    } else {
      child.values[i] = other;
    }
  }
  return child;
}

Point mutated(const Choices& choices, const Point& parent, double probability,
              RandomStream& random) {
  Point child = parent;
  for (size_t i = 0; i < choices.size(); ++i) {
    const bool anew = random.uniform() < probability;
    Value& value = child.values[i];
    if (!is_active(choices[i], child.values)) {
      value = std::monostate{};
    } else if (anew || std::holds_alternative<std::monostate>(value)) {
      Choice free = choices[i];
      free.when.reset();
      value = sample({std::move(free)}, random).values.front();
    }
  }
  return child;
}

}  // namespace nas

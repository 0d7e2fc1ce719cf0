#include "controllers/crossover.hpp"

namespace nas {

Point crossed(const Choices& choices, const Point& a, const Point& b,
              const std::function<bool()>& from_a) {
  Point child = a;
  for (size_t i = 0; i < choices.size(); ++i) {
    const bool first = from_a();
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

}  // namespace nas

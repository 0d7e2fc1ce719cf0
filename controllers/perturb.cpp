#include "controllers/perturb.hpp"

#include <algorithm>
#include <cmath>

#include "nas/search/sampling.hpp"

namespace nas {
namespace {

constexpr int kDraws = 1000;

struct Moved {
  const Value& old;
  double factor;
  RandomStream& random;

  Value operator()(const Categorical& domain) const {
    const auto index = std::get<int64_t>(old);
    if (!domain.ordered) return index;
    const auto last = static_cast<int64_t>(domain.options.size()) - 1;
    return std::clamp(index + (random.below(2) == 0 ? -1 : 1), int64_t{0}, last);
  }
  Value operator()(const IntegerInterval& domain) const {
    const auto number = std::get<int64_t>(old);
    const bool up = random.below(2) == 1;
    const auto scaled = std::llround(static_cast<double>(number) * (up ? factor : 1 / factor));
    // Small and negative numbers would stay, or go the wrong way.
    const int64_t moved =
        up ? std::max<int64_t>(scaled, number + 1) : std::min<int64_t>(scaled, number - 1);
    return std::clamp(moved, domain.low, domain.high);
  }
  Value operator()(const RealInterval& domain) const {
    const double moved = std::get<double>(old) * (random.below(2) == 1 ? factor : 1 / factor);
    return std::clamp(moved, domain.low, domain.high);
  }
};

Value sampled(Choice choice, RandomStream& random) {
  choice.when.reset();
  choice.relations.clear();
  return sample({std::move(choice)}, random).values.front();
}

Point changed(const Choices& choices, const Point& point, const Perturbation& how,
              RandomStream& random) {
  Point child = point;
  for (size_t i = 0; i < choices.size(); ++i) {
    Value& value = child.values[i];
    if (!is_active(choices[i], child.values)) {
      value = std::monostate{};
    } else if (std::holds_alternative<std::monostate>(value)) {
      value = sampled(choices[i], random);
    } else if (how.allowed(choices[i])) {
      value = random.uniform() < how.resample
                  ? sampled(choices[i], random)
                  : std::visit(Moved{point.values[i], how.factor, random}, choices[i].domain);
    }
  }
  return child;
}

}  // namespace

Point perturbed(const Choices& choices, const Point& point, const Perturbation& how,
                RandomStream& random) {
  for (int i = 0; i < kDraws; ++i) {
    Point child = changed(choices, point, how, random);
    if (!broken_relation(choices, child)) return child;
  }
  return point;
}

}  // namespace nas

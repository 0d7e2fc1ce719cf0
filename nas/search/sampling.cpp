#include "nas/search/sampling.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "nas/core/error.hpp"

namespace nas {
namespace {

/// Draws for a point that keeps all relations.
constexpr int kDraws = 1000;
constexpr int64_t kLargestCount = int64_t{1} << 62;

struct SampleValue {
  RandomStream& random;

  Value operator()(const Categorical& domain) const {
    return random.below(static_cast<int64_t>(domain.options.size()));
  }
  Value operator()(const IntegerInterval& domain) const {
    if (!domain.log) return domain.low + random.below(domain.high - domain.low + 1);
    // Every whole number owns the interval half a step to both sides.
    const double low = std::log(static_cast<double>(domain.low) - 0.5);
    const double high = std::log(static_cast<double>(domain.high) + 0.5);
    const double drawn = std::exp(low + (high - low) * random.uniform());
    return std::clamp(static_cast<int64_t>(std::lround(drawn)), domain.low, domain.high);
  }
  Value operator()(const RealInterval& domain) const {
    const double share = random.uniform();
    if (!domain.log) return domain.low + (domain.high - domain.low) * share;
    const double drawn =
        std::exp(std::log(domain.low) + (std::log(domain.high) - std::log(domain.low)) * share);
    return std::clamp(drawn, domain.low, domain.high);
  }
};

bool can_change(const Choice& choice) {
  const auto* real = std::get_if<RealInterval>(&choice.domain);
  return real != nullptr ? real->low < real->high : cardinality(choice) > 1;
}

/// A value of the domain other than `old`.
Value other_value(const Choice& choice, const Value& old, RandomStream& random) {
  if (std::holds_alternative<Categorical>(choice.domain)) {
    const int64_t drawn = random.below(cardinality(choice) - 1);
    return drawn + (drawn >= std::get<int64_t>(old) ? 1 : 0);
  }
  Value value = old;
  while (value == old) value = std::visit(SampleValue{random}, choice.domain);
  return value;
}

/// A real interval can be counted where it is a single value.
bool is_countable(const Choice& choice) {
  const auto* real = std::get_if<RealInterval>(&choice.domain);
  return real == nullptr || real->low == real->high;
}

/// Of a choice that can be counted.
int64_t count_options(const Choice& choice) { return std::max<int64_t>(cardinality(choice), 1); }

/// The value with this index, 0 <= index < count_options(choice).
Value value_at(const Choice& choice, int64_t index) {
  if (const auto* real = std::get_if<RealInterval>(&choice.domain)) return real->low;
  const auto* interval = std::get_if<IntegerInterval>(&choice.domain);
  return index + (interval != nullptr ? interval->low : 0);
}

/// One value of each kind that the conditions of later choices tell apart, with how many are of it:
/// those that a condition names, and one for all others. So a long interval is not walked through.
std::vector<std::pair<Value, int64_t>> kinds_of_values(const Choices& choices, size_t parent) {
  std::set<int64_t> named;
  for (const auto& choice : choices) {
    if (!choice.when || choice.when->choice != static_cast<int64_t>(parent)) continue;
    named.insert(choice.when->options.begin(), choice.when->options.end());
  }
  const Choice& choice = choices[parent];
  std::vector<std::pair<Value, int64_t>> kinds;
  int64_t others = count_options(choice);
  kinds.reserve(named.size() + 1);
  for (const int64_t value : named) kinds.emplace_back(value, 1);
  others -= static_cast<int64_t>(named.size());
  for (int64_t i = 0; others > 0; ++i) {
    const Value value = value_at(choice, i);
    const auto* number = std::get_if<int64_t>(&value);
    if (number != nullptr && named.contains(*number)) continue;
    kinds.emplace_back(value, others);
    break;
  }
  return kinds;
}

/// Number of points of the choices from `first` on, beside the values given so far.
int64_t count_from(const Choices& choices, size_t first, std::vector<Value>& values) {
  if (first == choices.size()) return 1;
  const Choice& choice = choices[first];
  if (!is_active(choice, values)) {
    values[first] = std::monostate{};
    return count_from(choices, first + 1, values);
  }
  __int128 total = 0;
  for (const auto& [value, many] : kinds_of_values(choices, first)) {
    values[first] = value;
    total += static_cast<__int128>(many) * count_from(choices, first + 1, values);
  }
  return static_cast<int64_t>(std::min<__int128>(total, kLargestCount));
}

Point sample_any(const Choices& choices, RandomStream& random) {
  Point point;
  point.values.resize(choices.size());
  for (size_t i = 0; i < choices.size(); ++i) {
    if (is_active(choices[i], point.values)) {
      point.values[i] = std::visit(SampleValue{random}, choices[i].domain);
    }
  }
  return point;
}

Point mutate_any(const Choices& choices, const Point& parent, RandomStream& random) {
  std::vector<size_t> candidates;
  for (size_t i = 0; i < choices.size(); ++i) {
    if (is_active(choices[i], parent.values) && can_change(choices[i])) candidates.push_back(i);
  }
  if (candidates.empty()) return parent;
  const size_t chosen =
      candidates[static_cast<size_t>(random.below(static_cast<int64_t>(candidates.size())))];
  Point child = parent;
  child.values[chosen] = other_value(choices[chosen], parent.values[chosen], random);
  for (size_t i = chosen + 1; i < choices.size(); ++i) {
    const bool active = is_active(choices[i], child.values);
    const bool given = !std::holds_alternative<std::monostate>(child.values[i]);
    if (active && !given) child.values[i] = std::visit(SampleValue{random}, choices[i].domain);
    if (!active) child.values[i] = std::monostate{};
  }
  return child;
}

/// The first of at most kDraws points that keeps all relations, else the last.
template <class Draw>
Point keeping(const Choices& choices, const Draw& draw) {
  Point point = draw();
  for (int i = 1; i < kDraws && broken_relation(choices, point); ++i) point = draw();
  return point;
}

}  // namespace

Point sample(const Choices& choices, RandomStream& random) {
  return keeping(choices, [&] { return sample_any(choices, random); });
}

Point mutate(const Choices& choices, const Point& parent, RandomStream& random) {
  return keeping(choices, [&] { return mutate_any(choices, parent, random); });
}

std::optional<int64_t> count(const Choices& choices) {
  for (const auto& choice : choices) {
    if (!is_countable(choice)) return std::nullopt;
  }
  std::vector<Value> values(choices.size());
  const int64_t total = count_from(choices, 0, values);
  return total >= kLargestCount ? std::nullopt : std::optional(total);
}

Point point_at(const Choices& choices, int64_t index) {
  Point point;
  point.values.resize(choices.size());
  for (size_t i = 0; i < choices.size(); ++i) {
    if (!is_active(choices[i], point.values)) continue;
    int64_t option = 0;
    for (; option < count_options(choices[i]); ++option) {
      point.values[i] = value_at(choices[i], option);
      auto rest = point.values;
      const int64_t below = count_from(choices, i + 1, rest);
      if (index < below) break;
      index -= below;
    }
    if (option == count_options(choices[i])) throw UsageError("point_at: index beyond the space");
  }
  return point;
}

}  // namespace nas

#include "nas/search/elastic.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"

namespace nas {
namespace {

int64_t highest(const Choice& choice) {
  const auto* interval = std::get_if<IntegerInterval>(&choice.domain);
  return interval != nullptr ? interval->high : cardinality(choice) - 1;
}

/// The point that has, of each active choice, the value `below(choice's index)` below the largest.
template <class Below>
Point point_below(const Choices& choices, Below below) {
  Point point;
  point.values.resize(choices.size());
  for (size_t i = 0; i < choices.size(); ++i) {
    if (is_active(choices[i], point.values)) point.values[i] = highest(choices[i]) - below(i);
  }
  return point;
}

}  // namespace

ElasticChoices::ElasticChoices(const Choices& choices)
    : choices_(&choices), open_(choices.size(), 1) {
  for (const Choice& choice : choices) {
    if (cardinality(choice) > 0) continue;
    throw UsageError(
        fmt::format("choice {}: found real numbers, expected values that can be "
                    "ordered one by one from the smallest to the largest",
                    choice.name));
  }
}

void ElasticChoices::open(const Opening& opening) {
  bool found = false;
  for (size_t i = 0; i < open_.size(); ++i) {
    if (!fits(opening.pattern, (*choices_)[i].name)) continue;
    found = true;
    const int64_t all = cardinality((*choices_)[i]);
    open_[i] = opening.options > 0 ? std::min(opening.options, all) : all;
  }
  if (found) return;
  throw UsageError(fmt::format("found no choice named '{}', expected one like '{}'",
                               opening.pattern, choices_->empty() ? "" : choices_->front().name));
}

Point ElasticChoices::largest() const {
  return point_below(*choices_, [](size_t) { return int64_t{0}; });
}

Point ElasticChoices::smallest() const {
  return point_below(*choices_, [&](size_t i) { return open_[i] - 1; });
}

Point ElasticChoices::random(RandomStream& random) const {
  return point_below(*choices_, [&](size_t i) { return random.below(open_[i]); });
}

std::vector<Point> ElasticChoices::variants() const {
  std::vector<Point> points{largest()};
  for (size_t changed = 0; changed < open_.size(); ++changed) {
    for (int64_t below = 1; below < open_[changed]; ++below) {
      points.push_back(
          point_below(*choices_, [&](size_t i) { return i == changed ? below : int64_t{0}; }));
    }
  }
  return points;
}

bool fits(std::string_view pattern, std::string_view text) {
  const size_t star = pattern.find('*');
  if (star == pattern.npos) return pattern == text;
  if (text.substr(0, star) != pattern.substr(0, star)) return false;
  for (size_t begin = star; begin <= text.size(); ++begin) {
    if (fits(pattern.substr(star + 1), text.substr(begin))) return true;
  }
  return false;
}

}  // namespace nas

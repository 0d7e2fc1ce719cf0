#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "nas/core/random.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Sets free the choices whose names fit `pattern` (`*` stands for any text): they may have the
/// `options` largest of their values; 0: all of them.
struct Opening {
  std::string pattern;
  int64_t options = 0;
};

/// Points of a space whose choices list their options from the smallest to the largest, so that the
/// network of one point is a part of the network of another (Cai et al. 2020). Each choice has some
/// of its largest values open, at first the largest alone.
class ElasticChoices {
 public:
  /// Throws UsageError for a real choice. `choices` outlives this.
  explicit ElasticChoices(const Choices& choices);

  /// Throws UsageError where no choice fits. Of several openings of a choice the last one counts.
  void open(const Opening& opening);

  Point largest() const;
  Point smallest() const;
  /// Uniform over the open values of each active choice.
  Point random(RandomStream& random) const;
  /// The largest point and, for every open value of every choice, the one that differs from it in
  /// that choice alone (and in those that depend on it).
  std::vector<Point> variants() const;

 private:
  const Choices* choices_;
  std::vector<int64_t> open_;  // how many, by choice
};

/// Whether `*`, for any text, and the other characters, each for itself, make up `text`.
bool fits(std::string_view pattern, std::string_view text);

}  // namespace nas

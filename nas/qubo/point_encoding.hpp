#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nas/core/random.hpp"
#include "nas/qubo/quadratic_model.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// Points of a space as bits, one a option of each choice ("edge 0->1=none"). Intervals with more
/// than `levels` values are cut into that many parts, of equal length on the interval's scale, and
/// a part is an option. Inactive choices have no bit set. A condition on a choice that is cut into
/// parts is not told to the model: its choice has an option whether active or not.
class PointEncoding {
 public:
  /// `choices` outlives the encoding.
  PointEncoding(const Choices& choices, int64_t levels);

  int64_t variables() const { return static_cast<int64_t>(names_.size()); }
  /// Of a model with these variables, without any bias.
  QuadraticModel empty_model() const;
  /// The variables that are 1, one an active choice, rising.
  std::vector<int64_t> encoded(const Point& point) const;
  /// The reverse, numbers drawn from their part of an interval; nothing where an active choice does
  /// not have exactly one option.
  std::optional<Point> decoded(std::span<const int8_t> values, RandomStream& random) const;

 private:
  const Choices* choices_;
  int64_t levels_;
  Meaning meaning_;
  std::vector<std::string> names_;
};

/// The value of an option of such a model, of a part of an interval its middle on the interval's
/// scale; nothing where the model was made of another choice.
std::optional<Value> middle_value(const Choice& choice, const OneOf& one, int64_t option);

}  // namespace nas

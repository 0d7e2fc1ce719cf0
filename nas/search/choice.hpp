#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/search/relation.hpp"

namespace nas {

struct Categorical {
  std::vector<std::string> options;
  /// Whether neighbours in the list are alike, so that an option's index is its place on a scale.
  bool ordered = false;
  /// What the options mean where that is numbers; else empty. A point's JSON has these.
  std::vector<double> numbers = {};
};
struct IntegerInterval {
  int64_t low = 0;
  int64_t high = 0;  // included
  bool log = false;
};
struct RealInterval {
  double low = 0;
  double high = 1;
  bool log = false;
};

/// The choice is active only while the earlier choice `choice`, categorical or whole, has one of
/// the values `options`.
struct Condition {
  int64_t choice = 0;
  std::vector<int64_t> options;
};

struct Choice {
  std::string name;
  std::variant<Categorical, IntegerInterval, RealInterval> domain;
  std::optional<Condition> when;
  /// What points keep between this choice and earlier ones.
  std::vector<Relation> relations = {};
};

using Choices = std::vector<Choice>;

/// Of a Categorical the option's index, of an IntegerInterval the number itself; monostate where
/// the choice is not active.
using Value = std::variant<std::monostate, int64_t, double>;

/// One value per choice, in the order of the choices.
struct Point {
  std::vector<Value> values;
  bool operator==(const Point&) const = default;
  // The check misreads what the compiler makes of a defaulted comparison.
  auto operator<=>(const Point&) const = default;  // NOLINT(modernize-use-nullptr)
};

/// Keyed by choice name, options by their text, inactive choices left out.
Json to_json(const Choices& choices, const Point& point);
/// Throws InputError naming the choice, what was found and what was expected.
Point point_from_json(const Choices& choices, const Json& json);
/// Throws InputError where a value is missing, out of its domain, or given though inactive.
void check(const Choices& choices, const Point& point);

/// The first relation of the choices that the point does not keep, as its text; nothing where it
/// keeps all. No domain is checked.
std::optional<std::string> broken_relation(const Choices& choices, const Point& point);

/// Whether `choice` is active beside these values of the earlier choices.
bool is_active(const Choice& choice, const std::vector<Value>& values);

/// Options of a categorical, size of an integer interval; 0 for a real interval.
int64_t cardinality(const Choice& choice);

}  // namespace nas

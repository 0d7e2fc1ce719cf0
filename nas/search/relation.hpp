#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace nas {

struct Choice;
struct Point;

/// A condition between the numbers of a point, like `width * depth <= 4096` or `low < mid < high`:
/// sums, products, quotients and differences of choices and numbers, with parentheses, between
/// <, <=, >, >=, == or !=; several in a row all hold. Numbers may be written as 1.5, 1e6, 4K, 2M,
/// and names of other characters than letters, digits, _ and . stand between backticks.
class Relation {
 public:
  /// Throws InputError saying what was found at which character and what was expected. The choices
  /// that it names must have numbers: intervals, or options that all are numbers.
  Relation(std::string_view text, const std::vector<Choice>& choices);

  const std::string& text() const { return text_; }
  /// Whether the point keeps it; one in which a choice that it names is not active does.
  bool holds(const Point& point) const;

  /// The last of the choices that it names.
  size_t last_choice() const;
  /// The same beside `count` more choices before its own.
  void shift(size_t count);

 private:
  friend class RelationParser;

  enum class Operator { number, choice, negate, add, subtract, multiply, divide };
  enum class Comparison { less, at_most, greater, at_least, equal, unequal };
  /// Of a sum in postfix notation.
  struct Step {
    Operator what = Operator::number;
    double number = 0;
    size_t choice = 0;
    std::vector<double> options = {};  // what those of the choice mean, where it has any
  };
  using Sum = std::vector<Step>;

  static double value_of(const Sum& sum, const Point& point);
  static double number_of(const Step& step, const Point& point);

  std::string text_;
  std::vector<Sum> sums_;
  std::vector<Comparison> comparisons_;  // between one sum and the next
};

}  // namespace nas

#include "nas/search/relation.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <cmath>
#include <utility>

#include "nas/config/quantity.hpp"
#include "nas/config/scalar.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"
#include "nas/search/choice.hpp"

namespace nas {
namespace {

/// Parentheses and signs inside each other; more would be no condition that someone wrote.
constexpr int kDeepest = 64;

/// The numbers that options mean; empty where one of them is none.
std::vector<double> numbers_of(const Categorical& domain) {
  if (!domain.numbers.empty()) return domain.numbers;
  std::vector<double> numbers;
  for (const auto& option : domain.options) {
    const auto number = parse_real(option);
    if (!number) return {};
    numbers.push_back(*number);
  }
  return numbers;
}

/// A name of other characters stands between backticks.
bool in_name(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return std::isalnum(byte) != 0 || c == '_' || c == '.' || byte >= 0x80;
}

}  // namespace

/// relation = sum (comparison sum)+; sum = product (+|- product)*; product = factor (*|/ factor)*;
/// factor = - factor | ( sum ) | number | name | `name`.
class RelationParser {
 public:
  RelationParser(Relation& relation, const Choices& choices)
      : relation_(relation), text_(relation.text_), choices_(choices) {}

  void relation() {
    relation_.sums_.emplace_back();
    sum();
    skip();
    if (at_ == text_.size()) fail("a comparison: <, <=, >, >=, == or !=");
    while (at_ < text_.size()) {
      relation_.comparisons_.push_back(comparison());
      relation_.sums_.emplace_back();
      sum();
      skip();
    }
    if (!named_) fail("a parameter in it");
  }

 private:
  using Operator = Relation::Operator;
  using Comparison = Relation::Comparison;

  [[noreturn]] void fail(std::string_view expected) const {
    const std::string_view rest = std::string_view(text_).substr(at_);
    throw InputError(
        fmt::format("'{}': found {} at character {}, expected {}", printable(text_),
                    rest.empty() ? "the end" : fmt::format("'{}'", printable(rest.substr(0, 12))),
                    at_ + 1, expected));
  }

  void skip() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t')) ++at_;
  }
  bool take(std::string_view token) {
    skip();
    if (std::string_view(text_).substr(at_, token.size()) != token) return false;
    at_ += token.size();
    return true;
  }
  void emit(Operator what) { relation_.sums_.back().push_back({what}); }

  Comparison comparison() {
    using enum Relation::Comparison;
    constexpr std::array<std::pair<std::string_view, Comparison>, 6> kSigns{{{"<=", at_most},
                                                                             {">=", at_least},
                                                                             {"==", equal},
                                                                             {"!=", unequal},
                                                                             {"<", less},
                                                                             {">", greater}}};
    for (const auto& [sign, meaning] : kSigns) {
      if (take(sign)) return meaning;
    }
    fail("one of + - * / or a comparison: <, <=, >, >=, == or !=");
  }

  void sum() {
    product();
    for (;;) {
      if (take("+")) {
        product();
        emit(Operator::add);
      } else if (take("-")) {
        product();
        emit(Operator::subtract);
      } else {
        return;
      }
    }
  }

  void product() {
    factor();
    for (;;) {
      if (take("*")) {
        factor();
        emit(Operator::multiply);
      } else if (take("/")) {
        factor();
        emit(Operator::divide);
      } else {
        return;
      }
    }
  }

  void factor() {
    if (++depth_ > kDeepest) fail("fewer parentheses and signs inside each other");
    if (take("-")) {
      factor();
      emit(Operator::negate);
    } else if (take("(")) {
      sum();
      if (!take(")")) fail("')'");
    } else {
      skip();
      const bool digit =
          at_ < text_.size() && (std::isdigit(static_cast<unsigned char>(text_[at_])) != 0);
      digit ? number() : name();
    }
    --depth_;
  }

  void number() {
    size_t end = at_;
    while (end < text_.size()) {
      // A sign belongs to a number only behind the e of its exponent.
      const bool sign = (text_[end] == '+' || text_[end] == '-') && (text_[end - 1] | 0x20) == 'e';
      if (!in_name(text_[end]) && !sign) break;
      ++end;
    }
    const auto quantity = parse_quantity(std::string_view(text_).substr(at_, end - at_));
    if (!quantity) fail("a number, like 4096, 0.5 or 2M");
    relation_.sums_.back().push_back({Operator::number, quantity->value});
    at_ = end;
  }

  /// The name at this place, and where it ends.
  std::pair<std::string_view, size_t> name_here() const {
    const std::string_view rest = std::string_view(text_).substr(at_);
    if (rest.starts_with('`')) {
      const size_t close = rest.find('`', 1);
      if (close == rest.npos) fail("a second ` behind a name");
      return {rest.substr(1, close - 1), at_ + close + 1};
    }
    size_t length = 0;
    while (length < rest.size() && in_name(rest[length])) ++length;
    return {rest.substr(0, length), at_ + length};
  }

  void name() {
    const auto here = name_here();
    const std::string_view called = here.first;
    if (called.empty()) fail("a parameter, a number or '('");
    const auto found = std::find_if(choices_.begin(), choices_.end(),
                                    [&](const Choice& choice) { return choice.name == called; });
    if (found == choices_.end()) {
      fail("the name of a parameter, between ` where it has more than letters, digits, _ and .");
    }
    Relation::Step step{Operator::choice, 0, static_cast<size_t>(found - choices_.begin())};
    if (const auto* options = std::get_if<Categorical>(&found->domain)) {
      step.options = numbers_of(*options);
      if (step.options.empty()) fail("a parameter whose values are numbers");
    }
    relation_.sums_.back().push_back(std::move(step));
    named_ = true;
    at_ = here.second;
  }

  Relation& relation_;
  const std::string& text_;
  const Choices& choices_;
  size_t at_ = 0;
  int depth_ = 0;
  bool named_ = false;  // a parameter
};

Relation::Relation(std::string_view text, const std::vector<Choice>& choices) : text_(text) {
  RelationParser(*this, choices).relation();
}

size_t Relation::last_choice() const {
  size_t last = 0;
  for (const Sum& sum : sums_) {
    for (const Step& step : sum) last = std::max(last, step.choice);
  }
  return last;
}

void Relation::shift(size_t count) {
  for (Sum& sum : sums_) {
    for (Step& step : sum) step.choice += step.what == Operator::choice ? count : 0;
  }
}

double Relation::number_of(const Step& step, const Point& point) {
  const Value& value = point.values[step.choice];
  if (const auto* real = std::get_if<double>(&value)) return *real;
  const int64_t whole = std::get<int64_t>(value);
  return step.options.empty() ? static_cast<double>(whole)
                              : step.options[static_cast<size_t>(whole)];
}

double Relation::value_of(const Sum& sum, const Point& point) {
  std::vector<double> stack;
  for (const Step& step : sum) {
    if (step.what == Operator::number) {
      stack.push_back(step.number);
      continue;
    }
    if (step.what == Operator::choice) {
      stack.push_back(number_of(step, point));
      continue;
    }
    if (step.what == Operator::negate) {
      stack.back() = -stack.back();
      continue;
    }
    const double right = stack.back();
    stack.pop_back();
    double& left = stack.back();
    if (step.what == Operator::add) left += right;
    if (step.what == Operator::subtract) left -= right;
    if (step.what == Operator::multiply) left *= right;
    if (step.what == Operator::divide) left /= right;
  }
  return stack.back();
}

bool Relation::holds(const Point& point) const {
  using enum Comparison;
  for (const Sum& sum : sums_) {
    for (const Step& step : sum) {
      if (step.what != Operator::choice) continue;
      if (std::holds_alternative<std::monostate>(point.values[step.choice])) return true;
    }
  }
  for (size_t i = 0; i < comparisons_.size(); ++i) {
    const double left = value_of(sums_[i], point);
    const double right = value_of(sums_[i + 1], point);
    const bool kept = (comparisons_[i] == less && left < right) ||
                      (comparisons_[i] == at_most && left <= right) ||
                      (comparisons_[i] == greater && left > right) ||
                      (comparisons_[i] == at_least && left >= right) ||
                      (comparisons_[i] == equal && left == right) ||
                      (comparisons_[i] == unequal && left != right);
    if (!kept) return false;
  }
  return true;
}

}  // namespace nas

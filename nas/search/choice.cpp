#include "nas/search/choice.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

/// Whole where it is: 16 stands for what a configuration wrote as 16.
Json number_to_json(double number) {
  constexpr double kExact = 9007199254740992;  // 2^53
  if (std::abs(number) > kExact || number != std::floor(number)) return number;
  return static_cast<int64_t>(number);
}

struct ValueToJson {
  const Value& value;

  Json operator()(const Categorical& domain) const {
    const auto index = static_cast<size_t>(std::get<int64_t>(value));
    if (!domain.numbers.empty()) return number_to_json(domain.numbers[index]);
    return domain.options[index];
  }
  Json operator()(const IntegerInterval&) const { return std::get<int64_t>(value); }
  Json operator()(const RealInterval&) const { return std::get<double>(value); }
};

/// Throws where the JSON is not of the domain's type; the range is checked by check().
struct ValueFromJson {
  const Choice& choice;
  const Json& json;

  [[noreturn]] void fail(const std::string& expected) const {
    throw InputError(
        fmt::format("choice {}: found {}, expected {}", choice.name, json.dump(), expected));
  }
  Value operator()(const Categorical& domain) const {
    if (json.is_number() && !domain.numbers.empty()) {
      const auto& numbers = domain.numbers;
      const auto number = std::find(numbers.begin(), numbers.end(), json.get<double>());
      if (number != numbers.end()) return static_cast<int64_t>(number - numbers.begin());
    }
    const auto found = json.is_string() ? std::find(domain.options.begin(), domain.options.end(),
                                                    json.get<std::string>())
                                        : domain.options.end();
    if (found == domain.options.end()) {
      fail(fmt::format("one of {}", fmt::join(domain.options, ", ")));
    }
    return static_cast<int64_t>(found - domain.options.begin());
  }
  Value operator()(const IntegerInterval&) const {
    if (!json.is_number_integer()) fail("a whole number");
    return json.get<int64_t>();
  }
  Value operator()(const RealInterval&) const {
    if (!json.is_number()) fail("a number");
    return json.get<double>();
  }
};

/// Whether the value is of the domain's type and in its range.
struct InDomain {
  const Value& value;

  bool operator()(const Categorical& domain) const {
    const auto* index = std::get_if<int64_t>(&value);
    return index != nullptr && *index >= 0 && *index < static_cast<int64_t>(domain.options.size());
  }
  bool operator()(const IntegerInterval& domain) const {
    const auto* number = std::get_if<int64_t>(&value);
    return number != nullptr && *number >= domain.low && *number <= domain.high;
  }
  bool operator()(const RealInterval& domain) const {
    const auto* number = std::get_if<double>(&value);
    return number != nullptr && *number >= domain.low && *number <= domain.high;
  }
};

}  // namespace

bool is_active(const Choice& choice, const std::vector<Value>& values) {
  if (!choice.when) return true;
  const auto* parent = std::get_if<int64_t>(&values[static_cast<size_t>(choice.when->choice)]);
  const auto& options = choice.when->options;
  return parent != nullptr && std::find(options.begin(), options.end(), *parent) != options.end();
}

Json to_json(const Choices& choices, const Point& point) {
  Json json = Json::object();
  for (size_t i = 0; i < choices.size(); ++i) {
    const Value& value = point.values[i];
    if (std::holds_alternative<std::monostate>(value)) continue;
    json[choices[i].name] = std::visit(ValueToJson{value}, choices[i].domain);
  }
  return json;
}

Point point_from_json(const Choices& choices, const Json& json) {
  if (!json.is_object()) throw InputError("a point: found no object, expected one keyed by choice");
  Point point;
  size_t used = 0;
  for (const auto& choice : choices) {
    const auto found = json.find(choice.name);
    if (found == json.end()) {
      point.values.emplace_back();
      continue;
    }
    ++used;
    point.values.push_back(std::visit(ValueFromJson{choice, *found}, choice.domain));
  }
  if (used != json.size()) {
    throw InputError(
        fmt::format("a point: {} names a choice that the space does not have", json.dump()));
  }
  check(choices, point);
  return point;
}

void check(const Choices& choices, const Point& point) {
  if (point.values.size() != choices.size()) {
    throw InputError(
        fmt::format("a point: found {} values, expected {}", point.values.size(), choices.size()));
  }
  for (size_t i = 0; i < choices.size(); ++i) {
    const Value& value = point.values[i];
    const bool given = !std::holds_alternative<std::monostate>(value);
    const bool active = is_active(choices[i], point.values);
    if (given != active) {
      throw InputError(fmt::format("choice {}: {}", choices[i].name,
                                   given ? "given though it is not active" : "missing"));
    }
    if (active && !std::visit(InDomain{value}, choices[i].domain)) {
      throw InputError(fmt::format("choice {}: its value is outside its domain", choices[i].name));
    }
  }
}

std::optional<std::string> broken_relation(const Choices& choices, const Point& point) {
  for (const Choice& choice : choices) {
    for (const Relation& relation : choice.relations) {
      if (!relation.holds(point)) return relation.text();
    }
  }
  return std::nullopt;
}

int64_t cardinality(const Choice& choice) {
  if (const auto* categorical = std::get_if<Categorical>(&choice.domain)) {
    return static_cast<int64_t>(categorical->options.size());
  }
  if (const auto* interval = std::get_if<IntegerInterval>(&choice.domain)) {
    return interval->high - interval->low + 1;
  }
  return 0;
}

}  // namespace nas

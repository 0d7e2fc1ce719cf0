#include "search_spaces/parameters.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/parse_json.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTypes{"float"sv, "int"sv, "categorical"sv, "ordered"sv, "fixed"sv};
/// Values that a `step` may divide an interval into.
constexpr double kMostSteps = 100'000;

/// low, high and log of a float or an int; `read` describes one bound.
template <class Interval, class Read>
Interval describe_interval(Section& section, const Read& read) {
  Interval interval;
  section.required({"low", "high"});
  read("low", interval.low, "least value");
  read("high", interval.high, "greatest value");
  section.boolean("log", interval.log, "equal ratios are equally far apart");
  if (interval.low > interval.high) {
    section.mistake(
        "high", fmt::format("found {}, expected at least low, {}", interval.high, interval.low));
  }
  if (interval.log && interval.low <= 0) {
    section.mistake("low",
                    fmt::format("found {}, expected more than 0 beside log: true", interval.low));
  }
  return interval;
}

/// Numbers of all of them; empty where one is none.
std::vector<double> numbers_of(const std::vector<std::string>& options) {
  std::vector<double> numbers;
  for (const auto& option : options) {
    const auto whole = parse_integer(option);
    const auto real = whole ? static_cast<double>(*whole) : parse_real(option);
    if (!real) return {};
    numbers.push_back(*real);
  }
  return numbers;
}

/// low, low + step, ... up to high.
Categorical stepped(double low, double high, double step) {
  Categorical domain{{}, true, {}};
  // The last one is there although it was rounded a little too high.
  const auto steps = static_cast<int64_t>(std::floor((high - low) / step * (1 + 1e-12) + 1e-9));
  for (int64_t i = 0; i <= steps; ++i) {
    // 0.1 + 2 * 0.1 is meant to be 0.3.
    const auto text = fmt::format("{:.15g}", low + static_cast<double>(i) * step);
    domain.numbers.push_back(parse_real(text).value());
    domain.options.push_back(real_text(domain.numbers.back()));
  }
  return domain;
}

/// Turns an interval with `step` into the list of its values.
template <class Interval>
void describe_step(Section& section, const Interval& interval, Choice& choice) {
  choice.domain = interval;
  if (!section.has("step")) return;
  double step = 0;
  section.real("step", step, {}, "distance of the values from low on");
  const auto low = static_cast<double>(interval.low);
  const auto high = static_cast<double>(interval.high);
  if (interval.log) {
    section.mistake("step", "expected none beside log: true");
  } else if (!(step > 0) || (high - low) / step > kMostSteps) {
    section.mistake("step", fmt::format("found {}, expected more than 0 and at most {} values",
                                        step, kMostSteps));
  } else if (std::is_same_v<Interval, IntegerInterval> && step != std::floor(step)) {
    section.mistake("step", fmt::format("found {}, expected a whole number", step));
  } else if (low <= high) {
    choice.domain = stepped(low, high, step);
  }
}

Categorical describe_categorical(Section& section) {
  Categorical domain;
  section.required({"choices"});
  section.texts("choices", domain.options, "what it may be");
  if (section.has("choices") && domain.options.empty()) {
    section.mistake("choices", "is empty, expected at least one");
  }
  for (auto option = domain.options.begin(); option != domain.options.end(); ++option) {
    if (std::find(domain.options.begin(), option, *option) != option) {
      section.mistake("choices", fmt::format("lists '{}' twice", *option));
    }
  }
  return domain;
}

/// A single value: an interval of one number, or a categorical of one option.
std::variant<Categorical, IntegerInterval, RealInterval> describe_fixed(Section& section) {
  std::string text;
  section.required({"value"});
  section.text("value", text, "what it always is");
  if (const auto whole = parse_integer(text)) return IntegerInterval{*whole, *whole};
  if (const auto real = parse_real(text)) return RealInterval{*real, *real};
  return Categorical{{text}};
}

void describe_domain(Section& section, const std::string& type, Choice& choice) {
  if (type == "float") {
    const auto interval = describe_interval<RealInterval>(
        section, [&](std::string_view name, double& value, std::string_view meaning) {
          section.real(name, value, {}, meaning);
        });
    if (std::isinf(interval.high - interval.low)) {
      section.mistake("high", fmt::format("found {}, expected an interval whose length is a number",
                                          interval.high));
    }
    describe_step(section, interval, choice);
  } else if (type == "int") {
    const auto interval = describe_interval<IntegerInterval>(
        section, [&](std::string_view name, int64_t& value, std::string_view meaning) {
          section.integer(name, value, {-(int64_t{1} << 53), int64_t{1} << 53, ""}, meaning);
        });
    describe_step(section, interval, choice);
  } else if (type == "categorical") {
    choice.domain = describe_categorical(section);
  } else if (type == "ordered") {
    Categorical domain = describe_categorical(section);
    domain.ordered = true;
    domain.numbers = numbers_of(domain.options);
    choice.domain = std::move(domain);
  } else if (type == "fixed") {
    choice.domain = describe_fixed(section);
  }
}

/// The value of a choice with options or whole numbers that this text stands for.
std::optional<int64_t> value_named(const Choice& choice, const std::string& text) {
  if (const auto* interval = std::get_if<IntegerInterval>(&choice.domain)) {
    const auto whole = parse_integer(text);
    const bool inside = whole && *whole >= interval->low && *whole <= interval->high;
    return inside ? whole : std::nullopt;
  }
  const auto& domain = std::get<Categorical>(choice.domain);
  const auto option = std::find(domain.options.begin(), domain.options.end(), text);
  if (option != domain.options.end()) return option - domain.options.begin();
  const auto numbers = numbers_of({text});
  if (numbers.empty()) return std::nullopt;
  const auto number = std::find(domain.numbers.begin(), domain.numbers.end(), numbers.front());
  if (number == domain.numbers.end()) return std::nullopt;
  return number - domain.numbers.begin();
}

std::string values_of(const Choice& choice) {
  if (const auto* interval = std::get_if<IntegerInterval>(&choice.domain)) {
    return fmt::format("{} to {}", interval->low, interval->high);
  }
  return fmt::format("{}", fmt::join(std::get<Categorical>(choice.domain).options, ", "));
}

/// The condition that `parameter: values` says; nothing, with the mistake noted, where it is wrong.
std::optional<Condition> condition_of(Section& section, const Choices& earlier,
                                      const std::string& parameter,
                                      const std::vector<std::string>& values) {
  const auto parent = std::find_if(earlier.begin(), earlier.end(), [&](const Choice& choice) {
    return choice.name == parameter && !std::holds_alternative<RealInterval>(choice.domain);
  });
  if (parent == earlier.end()) {
    section.mistake("when", fmt::format("found '{}', expected a parameter of options or whole "
                                        "numbers that stands before this one",
                                        parameter));
    return std::nullopt;
  }
  if (values.empty()) {
    section.mistake("when", fmt::format("found no values of {}, expected at least one", parameter));
    return std::nullopt;
  }
  Condition condition{parent - earlier.begin(), {}};
  for (const auto& text : values) {
    const auto value = value_named(*parent, text);
    if (!value) {
      section.mistake("when", fmt::format("found '{}', expected one of {}, the choices of {}", text,
                                          values_of(*parent), parameter));
      return std::nullopt;
    }
    condition.options.push_back(*value);
  }
  return condition;
}

void describe_condition(Section& section, const Choices& earlier, Choice& choice) {
  TextLists when;
  if (!section.has("when")) return;
  section.text_lists("when", when, "active only while an earlier parameter has such a value");
  if (when.size() > 1) {
    section.mistake("when", fmt::format("found {} conditions, expected one", when.size()));
  } else if (when.size() == 1) {
    choice.when = condition_of(section, earlier, when[0].first, when[0].second);
  }
}

/// Each relation is kept where the last of its parameters gets its value.
void describe_relations(Section& section, Choices& choices) {
  std::vector<std::string> texts;
  section.texts("constraints", texts,
                "between parameters of numbers, like width * depth <= 4096; no other points are "
                "tried");
  for (const auto& text : texts) {
    try {
      Relation relation(text, choices);
      choices[relation.last_choice()].relations.push_back(std::move(relation));
    } catch (const InputError& error) {
      section.mistake("constraints", error.what());
    }
  }
}

class Parameters : public Space {
 public:
  Parameters(Choices choices, const TaskShape& task) : choices_(std::move(choices)), task_(task) {}

  std::string_view name() const override { return "parameters"; }
  const Choices& choices() const override { return choices_; }
  TaskShape task() const override { return task_; }
  std::optional<NetworkPlan> network(const Point&) const override { return std::nullopt; }

  std::string text(const Point& point) const override {
    std::vector<std::string> entries;
    const Json json = to_json(choices_, point);
    for (const auto& [name, value] : json.items()) {
      entries.push_back(fmt::format("{}: {}", Json(name).dump(), value.dump()));
    }
    return fmt::format("{{{}}}", fmt::join(entries, ", "));
  }

  Settings settings(const Point& point) const override {
    Settings settings;
    const Json json = to_json(choices_, point);
    for (const auto& [name, value] : json.items()) {
      settings.emplace_back(name, value.is_string() ? value.get<std::string>() : value.dump());
    }
    return settings;
  }

  Point parse(std::string_view text) const override {
    try {
      return point_from_json(choices_, parse_json(text));
    } catch (const Json::exception& error) {
      throw InputError(
          fmt::format("parameters '{}': {}; expected one line of JSON", text, error.what()));
    }
  }

 private:
  Choices choices_;
  TaskShape task_;
};

}  // namespace

void describe(Section& section, ParametersOptions& options) {
  section.required({"parameters"});
  section.entries("parameters", "by name, in order", [&](const std::string& name, Section& entry) {
    Choice choice;
    choice.name = name;
    const bool has_value = entry.has("value");  // alone it says that it is fixed
    std::string type = has_value ? "fixed" : "";
    if (!has_value) entry.required({"type"});
    entry.one_of("type", type, std::span<const std::string_view>(kTypes), "what it may be");
    describe_domain(entry, type, choice);
    describe_condition(entry, options.choices, choice);
    options.choices.push_back(std::move(choice));
  });
  if (section.has("parameters") && options.choices.empty()) {
    section.mistake("parameters", "is empty, expected at least one parameter");
  }
  describe_relations(section, options.choices);
}

std::unique_ptr<Space> make_parameters(const ParametersOptions& options, TaskShape task) {
  return std::make_unique<Parameters>(options.choices, task);
}

}  // namespace nas

#include "search_spaces/parameters.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <array>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kTypes{"float"sv, "int"sv, "categorical"sv, "fixed"sv};

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
    choice.domain = describe_interval<RealInterval>(
        section, [&](std::string_view name, double& value, std::string_view meaning) {
          section.real(name, value, {}, meaning);
        });
  } else if (type == "int") {
    choice.domain = describe_interval<IntegerInterval>(
        section, [&](std::string_view name, int64_t& value, std::string_view meaning) {
          section.integer(name, value, {-(int64_t{1} << 53), int64_t{1} << 53, ""}, meaning);
        });
  } else if (type == "categorical") {
    choice.domain = describe_categorical(section);
  } else if (type == "fixed") {
    choice.domain = describe_fixed(section);
  }
}

/// The condition that `parameter: values` says; nothing, with the mistake noted, where it is wrong.
std::optional<Condition> condition_of(Section& section, const Choices& earlier,
                                      const std::string& parameter,
                                      const std::vector<std::string>& values) {
  const auto parent = std::find_if(earlier.begin(), earlier.end(), [&](const Choice& choice) {
    return choice.name == parameter && std::holds_alternative<Categorical>(choice.domain);
  });
  if (parent == earlier.end()) {
    section.mistake("when", fmt::format("found '{}', expected a categorical parameter that stands "
                                        "before this one",
                                        parameter));
    return std::nullopt;
  }
  const auto& options = std::get<Categorical>(parent->domain).options;
  Condition condition{parent - earlier.begin(), {}};
  for (const auto& value : values) {
    const auto option = std::find(options.begin(), options.end(), value);
    if (option == options.end()) {
      section.mistake("when", fmt::format("found '{}', expected one of {}, the choices of {}",
                                          value, fmt::join(options, ", "), parameter));
      return std::nullopt;
    }
    condition.options.push_back(option - options.begin());
  }
  return condition;
}

void describe_condition(Section& section, const Choices& earlier, Choice& choice) {
  TextLists when;
  if (!section.has("when")) return;
  section.text_lists("when", when, "active only while an earlier categorical has such a value");
  if (when.size() > 1) {
    section.mistake("when", fmt::format("found {} conditions, expected one", when.size()));
  } else if (when.size() == 1) {
    choice.when = condition_of(section, earlier, when[0].first, when[0].second);
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
      return point_from_json(choices_, Json::parse(text));
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
    std::string type = entry.has("value") && !entry.has("type") ? "fixed" : "";
    if (type.empty()) entry.required({"type"});
    entry.one_of("type", type, std::span<const std::string_view>(kTypes), "what it may be");
    describe_domain(entry, type, choice);
    describe_condition(entry, options.choices, choice);
    options.choices.push_back(std::move(choice));
  });
  if (section.has("parameters") && options.choices.empty()) {
    section.mistake("parameters", "is empty, expected at least one parameter");
  }
}

std::unique_ptr<Space> make_parameters(const ParametersOptions& options, TaskShape task) {
  return std::make_unique<Parameters>(options.choices, task);
}

}  // namespace nas

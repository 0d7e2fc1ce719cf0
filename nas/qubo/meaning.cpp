#include "nas/qubo/meaning.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

int64_t ones_of(std::span<const int64_t> variables, std::span<const int8_t> values) {
  return std::count_if(variables.begin(), variables.end(), [&](const int64_t variable) {
    return values[static_cast<size_t>(variable)] == 1;
  });
}

[[noreturn]] void fail(const std::string& where, const Json& found, const std::string& expected) {
  throw InputError(
      fmt::format("{}: found {}, expected {}", where, printable(found.dump()), expected));
}

std::vector<int64_t> variables_from(const Json& json, const std::string& where, int64_t variables) {
  if (!json.is_array()) fail(where, json, "a list of variables");
  std::vector<int64_t> found;
  for (const Json& item : json) {
    const bool whole = item.is_number_integer();
    if (!whole || item.get<int64_t>() < 0 || item.get<int64_t>() >= variables) {
      fail(where, item, fmt::format("a variable from 0 to {}", variables - 1));
    }
    found.push_back(item.get<int64_t>());
  }
  return found;
}

OneOf choice_from(const Json& json, const std::string& where, int64_t variables) {
  if (!json.is_object() || !json.contains("name") || !json["name"].is_string()) {
    fail(where, json, "{name, variables, options}");
  }
  OneOf choice{
      json["name"].get<std::string>(),
      variables_from(json.value("variables", Json()), where + ".variables", variables),
      {},
      variables_from(json.value("enabled_by", Json::array()), where + ".enabled_by", variables)};
  const Json options = json.value("options", Json());
  if (!options.is_array() || options.size() != choice.variables.size()) {
    fail(where + ".options", options, "a text for each variable");
  }
  for (const Json& option : options) {
    if (!option.is_string()) fail(where + ".options", option, "a text");
    choice.options.push_back(option.get<std::string>());
  }
  return choice;
}

}  // namespace

bool is_feasible(const Meaning& meaning, std::span<const int8_t> values) {
  const auto ones = std::count(values.begin(), values.end(), int8_t{1});
  if (meaning.chosen > 0 && ones != meaning.chosen) return false;
  return std::all_of(meaning.choices.begin(), meaning.choices.end(), [&](const OneOf& choice) {
    const int64_t due = choice.enabled_by.empty() ? 1 : ones_of(choice.enabled_by, values);
    return ones_of(choice.variables, values) == due;
  });
}

Json decoded(const Meaning& meaning, std::span<const int8_t> values) {
  Json point = Json::object();
  for (const OneOf& choice : meaning.choices) {
    if (ones_of(choice.variables, values) != 1) continue;
    for (size_t i = 0; i < choice.variables.size(); ++i) {
      if (values[static_cast<size_t>(choice.variables[i])] == 1) {
        point[choice.name] = choice.options[i];
      }
    }
  }
  return point;
}

Json to_json(const Meaning& meaning) {
  Json json = Json::object();
  if (meaning.chosen > 0) json["chosen"] = meaning.chosen;
  for (const OneOf& choice : meaning.choices) {
    Json item = {
        {"name", choice.name}, {"variables", choice.variables}, {"options", choice.options}};
    if (!choice.enabled_by.empty()) item["enabled_by"] = choice.enabled_by;
    json["choices"].push_back(std::move(item));
  }
  return json;
}

Meaning meaning_from_json(const Json& json, int64_t variables) {
  if (!json.is_object()) return {};
  Meaning meaning;
  if (json.contains("chosen")) {
    const Json& chosen = json["chosen"];
    if (!chosen.is_number_integer() || chosen.get<int64_t>() < 1 ||
        chosen.get<int64_t>() > variables) {
      fail("info.chosen", chosen, fmt::format("a whole number from 1 to {}", variables));
    }
    meaning.chosen = chosen.get<int64_t>();
  }
  const Json choices = json.value("choices", Json::array());
  if (!choices.is_array()) fail("info.choices", choices, "a list");
  for (size_t i = 0; i < choices.size(); ++i) {
    meaning.choices.push_back(
        choice_from(choices[i], fmt::format("info.choices[{}]", i), variables));
  }
  return meaning;
}

}  // namespace nas

#include "tools/trials_csv.hpp"

#include <fmt/core.h>

#include <set>

#include "nas/core/json.hpp"

namespace nas {
namespace {

std::string quoted(const std::string& text) {
  if (text.find_first_of(",\"\r\n") == std::string::npos) return text;
  std::string result = "\"";
  for (const char character : text) {
    if (character == '"') result += '"';
    result += character;
  }
  return result + '"';
}

std::string text_of(const Json& value) {
  if (value.is_null()) return "";
  return quoted(value.is_string() ? value.get<std::string>() : value.dump());
}

}  // namespace

std::string trials_csv(const Space& space, std::span<const Trial> trials) {
  std::set<std::string> metrics;
  for (const Trial& trial : trials) {
    for (const auto& [name, value] : trial.metrics) metrics.insert(name);
  }
  std::string csv = "number,state,seconds,error,arch";
  for (const Choice& choice : space.choices()) csv += "," + quoted("point." + choice.name);
  for (const std::string& name : metrics) csv += "," + quoted(name);
  csv += "\n";
  for (const Trial& trial : trials) {
    const Json json = to_json(space.choices(), trial);
    const std::string error =
        trial.failure ? trial.failure->kind + ": " + trial.failure->reason : "";
    csv += fmt::format("{},{},{},{},{}", trial.number, to_text(trial.state), trial.seconds,
                       quoted(error), trial.point ? quoted(space.text(*trial.point)) : "");
    for (const Choice& choice : space.choices()) {
      const bool has = json["point"].is_object() && json["point"].contains(choice.name);
      csv += "," + (has ? text_of(json["point"][choice.name]) : "");
    }
    for (const std::string& name : metrics) {
      const auto found = trial.metrics.find(name);
      csv += "," + (found == trial.metrics.end() ? "" : Json(found->second).dump());
    }
    csv += "\n";
  }
  return csv;
}

}  // namespace nas

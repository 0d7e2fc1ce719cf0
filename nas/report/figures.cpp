#include "nas/report/figures.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"

namespace nas {
namespace {

std::string spaced(std::string name) {
  std::replace(name.begin(), name.end(), '_', ' ');
  return name;
}

std::string card(const std::string& label, const std::string& value) {
  return fmt::format("<div class=\"figure\"><b>{}</b><span>{}</span></div>", escape_markup(value),
                     escape_markup(label));
}

std::string cards(const Json& best, const Objectives& objectives) {
  std::string out;
  if (const auto text = retrained_text(best, "test_accuracy")) {
    out += card("test accuracy, mean ± deviation", *text);
  }
  std::vector<std::string> names;
  for (const auto& objective : objectives) names.push_back(objective.metric);
  for (const char* name : {"parameters", "multiply_adds"}) names.emplace_back(name);
  std::set<std::string> shown;
  for (const auto& name : names) {
    const auto value = figure_of(best, "metrics", name);
    if (value && shown.insert(name).second) out += card(spaced(name), figure_text(name, *value));
  }
  return out;
}

std::string cell(const std::string& name, const std::optional<double>& value) {
  return fmt::format("<td>{}</td>", value ? escape_markup(figure_text(name, *value)) : "");
}

/// A row a metric: in the search, each retraining, and their mean and deviation.
std::string row(const Json& best, const Json& retrained, const std::string& name) {
  std::string out = fmt::format("<tr><th>{}</th>", escape_markup(spaced(name)));
  out += cell(name, figure_of(best, "metrics", name));
  for (const auto& one : retrained) out += cell(name, figure_of(one, "metrics", name));
  if (!retrained.empty()) {
    out += fmt::format("<td>{}</td>", escape_markup(retrained_text(best, name).value_or("")));
  }
  return out + "</tr>";
}

std::string table(const Json& best) {
  const Json retrained = best.contains("retrain") ? best["retrain"] : Json::array();
  std::set<std::string> names;
  for (const char* part : {"metrics", "mean"}) {
    if (!best.contains(part) || !best[part].is_object()) continue;
    for (const auto& [name, value] : best[part].items()) names.insert(name);
  }
  std::string head = "<th></th><th>search</th>";
  for (size_t i = 0; i < retrained.size(); ++i) head += fmt::format("<th>retraining {}</th>", i);
  if (!retrained.empty()) head += "<th>mean ± deviation</th>";
  std::string rows;
  for (const auto& name : names) rows += row(best, retrained, name);
  return fmt::format(
      "<details><summary>All figures of the best</summary><div class=\"wide\"><table><thead>"
      "<tr>{}</tr></thead><tbody>{}</tbody></table></div></details>",
      head, rows);
}

}  // namespace

std::optional<double> figure_of(const Json& best, const char* part, const std::string& name) {
  if (!best.is_object() || !best.contains(part)) return std::nullopt;
  const Json& values = best[part];
  if (!values.is_object() || !values.contains(name) || !values[name].is_number()) {
    return std::nullopt;
  }
  return values[name].get<double>();
}

std::string figure_text(const std::string& name, double value) {
  if (name == "parameters" || name == "multiply_adds") {
    return format_count(static_cast<int64_t>(value));
  }
  if (name == "latency") return format_short_time(value);
  if (name == "peak_memory") return fmt::format("{:.4g} KB", value / 1e3);
  if (name == "energy") return fmt::format("{:.4g} J", value);
  return name.find("accuracy") != name.npos ? fmt::format("{:.2f} %", value)
                                            : fmt::format("{:.4g}", value);
}

std::optional<std::string> retrained_text(const Json& best, const std::string& name) {
  const auto mean = figure_of(best, "mean", name);
  const auto deviation = figure_of(best, "deviation", name);
  if (!mean || !deviation) return std::nullopt;
  if (name.find("accuracy") != name.npos)
    return fmt::format("{:.2f} ± {:.2f} %", *mean, *deviation);
  return *deviation == 0 ? figure_text(name, *mean)
                         : fmt::format("{:.4g} ± {:.2g}", *mean, *deviation);
}

std::string render_figures(const Json& best, const Objectives& objectives) {
  if (!best.is_object()) return "";
  return fmt::format("<section class=\"figures\">{}</section>{}", cards(best, objectives),
                     table(best));
}

}  // namespace nas

#include "nas/report/compression.hpp"

#include <fmt/core.h>

#include <algorithm>

#include "nas/core/json.hpp"
#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/figures.hpp"

namespace nas {
namespace {

constexpr double kWidestBar = 9;  // rem

std::string table(const std::string& head, const std::string& rows) {
  return fmt::format(
      "<div class=\"wide\"><table><thead><tr>{}</tr></thead><tbody>{}</tbody></table></div>", head,
      rows);
}

std::optional<double> number_of(const Json& object, const std::string& name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_number()) return {};
  return object[name].get<double>();
}

std::string text_of(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return "";
  return escape_markup(object[name].get<std::string>());
}

/// "37.2 %" of what it was; accuracy as a difference.
std::string change(const std::string& name, double before, double after) {
  if (name.find("accuracy") != name.npos) return fmt::format("{:+.2f} points", after - before);
  return before == 0 ? "" : fmt::format("{:.1f} %", 100 * after / before);
}

std::string pruned_part(const Json& pruned) {
  if (!pruned.is_object() || !pruned.contains("mean")) return "";
  const Json& mean = pruned["mean"];
  if (!mean.is_object() || !mean.contains("after") || !mean["after"].is_object()) return "";
  std::string rows;
  for (const auto& [name, value] : mean["after"].items()) {
    const auto before = figure_of(mean, "before", name);
    const auto after = figure_of(mean, "after", name);
    if (!before || !after) continue;
    rows += fmt::format("<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td></tr>",
                        escape_markup(name), figure_text(name, *before), figure_text(name, *after),
                        change(name, *before, *after));
  }
  if (rows.empty()) return "";
  const size_t seeds = pruned.value("prunings", Json::array()).size();
  return fmt::format("<h3>Pruned, mean of {} network{}</h3>", seeds, seeds == 1 ? "" : "s") +
         table("<th></th><th>before</th><th>after</th><th>change</th>", rows);
}

std::string decibels(const Json& layer, const char* name) {
  const auto value = number_of(layer, name);
  return value ? fmt::format("{:.1f}", *value) : "exact";
}

std::string layer_row(const Json& layer, double largest) {
  const double sensitivity = number_of(layer, "sensitivity").value_or(0);
  const double width = largest > 0 ? kWidestBar * sensitivity / largest : 0;
  return fmt::format(
      "<tr><th>{}</th><td>{}</td><td>{}</td><td>{}</td><td>{:.3g}</td><td>{:.3g}</td><td><div "
      "class=\"bar\" style=\"width:{:.2f}rem\"></div></td></tr>",
      text_of(layer, "name"), text_of(layer, "layer"), decibels(layer, "values_db"),
      decibels(layer, "weights_db"), number_of(layer, "beyond_percent").value_or(0), sensitivity,
      width);
}

std::string layers_part(const Json& layers) {
  if (!layers.is_array() || layers.empty()) return "";
  double largest = 0;
  for (const Json& layer : layers) {
    largest = std::max(largest, number_of(layer, "sensitivity").value_or(0));
  }
  std::string rows;
  for (const Json& layer : layers) rows += layer_row(layer, largest);
  return "<details><summary>Error of each layer</summary><p class=\"note\">Signal to rounding "
         "error of values and weights in dB (more is better), values beyond the range in percent, "
         "and how far the outputs move when this layer alone is rounded (mean squared change over "
         "their variance).</p>" +
         table(
             "<th>layer</th><th>kind</th><th>values</th><th>weights</th><th>beyond</th>"
             "<th>sensitivity</th><th></th>",
             rows) +
         "</details>";
}

std::string int8_part(const Json& int8) {
  const auto before = number_of(int8, "test_accuracy");
  const auto after = number_of(int8, "int8_test_accuracy");
  if (!before || !after) return "";
  const bool trained = int8.value("trained_for_int8", Json(false)) == Json(true);
  const std::string rows = fmt::format(
      "<tr><th>test accuracy</th><td>{:.2f} %</td><td>{:.2f} %</td><td>{:+.2f} points</td></tr>",
      *before, *after, *after - *before);
  std::string out = fmt::format("<h3>In int8, {}</h3>",
                                trained ? "after training for it" : "quantized after training") +
                    table("<th></th><th>float32</th><th>int8</th><th>change</th>", rows);
  if (const auto agreement = number_of(int8, "agreement")) {
    out += fmt::format("<p>{:.2f} % of {:.0f} test examples are put into the same class.</p>",
                       *agreement, number_of(int8, "examples").value_or(0));
  }
  return out + (int8.contains("layers") ? layers_part(int8["layers"]) : "");
}

std::string exports_part(const std::vector<ExportedFile>& files) {
  if (files.empty()) return "";
  std::string rows;
  for (const ExportedFile& file : files) {
    rows += fmt::format("<tr><th>best/export/{}</th><td>{}B</td></tr>", escape_markup(file.name),
                        format_count(file.bytes));
  }
  return "<h3>Exported</h3>" + table("<th>file</th><th>size</th>", rows);
}

}  // namespace

std::string render_compression(const ReportInput& input) {
  const std::string out =
      pruned_part(input.pruned) + int8_part(input.int8) + exports_part(input.exports);
  return out.empty() ? "" : "<h2>Made smaller, and shipped</h2>" + out;
}

}  // namespace nas

#include "nas/report/architectures.hpp"

#include <fmt/core.h>

#include <set>

#include "nas/core/json.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/figures.hpp"

namespace nas {
namespace {

/// Narrower than this a cell is scrolled, so that its labels stay readable.
constexpr double kRemPerNode = 7;
/// A cell of more nodes is given the margins of a wide page.
constexpr size_t kLongCell = 5;

std::string legend(const std::vector<Json>& cells) {
  std::set<std::string> labels;
  for (const Json& cell : cells) {
    for (const Json& edge : cell["edges"]) labels.insert(edge["label"].get<std::string>());
  }
  std::string out;
  for (const std::string& label : labels) {
    out += fmt::format("<span><i style=\"border-color:{}\"></i>{}</span> ", operation_colour(label),
                       escape_markup(label));
  }
  return labels.empty() ? "" : "<p class=\"legend\">" + out + "</p>";
}

std::string figure(const Json& cell) {
  const size_t nodes = cell["nodes"].size();
  return fmt::format(
      "<figure class=\"{}\"><div class=\"wide\" style=\"--least:{}rem\">{}</div><figcaption>{}"
      "</figcaption></figure>",
      nodes > kLongCell ? "long" : "short", kRemPerNode * static_cast<double>(nodes),
      draw_cell_svg(cell), escape_markup(cell["name"].get<std::string>()));
}

std::string title_of(const ReportInput& input, const DrawnTrial& drawn) {
  const Trial& trial = input.trials[drawn.trial];
  std::string text = fmt::format("Trial {}", trial.number);
  for (const Objective& objective : input.objectives) {
    const auto metric = trial.metrics.find(objective.metric);
    if (metric == trial.metrics.end()) continue;
    text += fmt::format(", {} {}", metric->first, figure_text(metric->first, metric->second));
  }
  return escape_markup(text);
}

}  // namespace

std::string render_architectures(const ReportInput& input) {
  std::string out;
  for (size_t i = 0; i < input.drawn.size(); ++i) {
    const DrawnTrial& drawn = input.drawn[i];
    std::string content;
    for (const Json& cell : drawn.cells) content += figure(cell);
    content += legend(drawn.cells) + "<p><code>" + escape_markup(input.architectures[drawn.trial]) +
               "</code></p>";
    out += fmt::format("<details{}><summary>{}</summary>{}</details>", i == 0 ? " open" : "",
                       title_of(input, drawn), content);
  }
  if (out.empty()) return "";
  return (input.drawn.size() == 1 ? "<h2>Best architecture</h2>" : "<h2>Best architectures</h2>") +
         out;
}

}  // namespace nas

#include "nas/report/html.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/chart.hpp"
#include "nas/report/style.hpp"

namespace nas {
namespace {

int64_t count_state(const ReportInput& input, TrialState state) {
  return std::count_if(input.trials.begin(), input.trials.end(),
                       [&](const Trial& trial) { return trial.state == state; });
}

double total_seconds(const ReportInput& input) {
  double seconds = 0;
  for (const auto& trial : input.trials) seconds += trial.seconds;
  return seconds;
}

std::string percent_or_number(const std::string& name, double value) {
  return name.find("accuracy") != name.npos ? fmt::format("{:.2f} %", value)
                                            : fmt::format("{:.6g}", value);
}

std::string summary(const ReportInput& input) {
  const auto complete = count_state(input, TrialState::complete);
  std::string text = fmt::format("{} of {} trials gave a score in {} of computing.", complete,
                                 input.trials.size(), format_duration(total_seconds(input)));
  const auto& metric = input.objectives.front().metric;
  if (input.best.is_object() && input.best["metrics"].contains(metric)) {
    text +=
        fmt::format(" The best, trial {}, reached {} {}.", input.best["trial"].get<int64_t>(),
                    metric, percent_or_number(metric, input.best["metrics"][metric].get<double>()));
  }
  if (input.best.is_object() && input.best.contains("mean") &&
      input.best["mean"].contains("test_accuracy")) {
    text += fmt::format(
        " Trained from scratch with {} seeds it labels {:.2f} ± {:.2f} % of the test "
        "data rightly.",
        input.best["retrain"].size(), input.best["mean"]["test_accuracy"].get<double>(),
        input.best["deviation"]["test_accuracy"].get<double>());
  }
  return "<p class=\"lead\">" + escape_markup(text) + "</p>";
}

std::string figure(const std::string& label, const std::string& value) {
  return fmt::format("<div class=\"figure\"><b>{}</b><span>{}</span></div>", escape_markup(value),
                     escape_markup(label));
}

std::string figures(const ReportInput& input) {
  if (!input.best.is_object()) return "";
  std::string out;
  for (const auto& [name, value] : input.best["metrics"].items()) {
    const bool count = name == "parameters" || name == "multiply_adds";
    out += figure(name, count ? format_count(static_cast<int64_t>(value.get<double>()))
                              : percent_or_number(name, value.get<double>()));
  }
  const Json means = input.best.value("mean", Json::object());
  for (const auto& [name, value] : means.items()) {
    if (name.find("test") == name.npos) continue;
    out += figure(name + " (mean ± deviation)",
                  percent_or_number(name, value.get<double>()) +
                      fmt::format(" ± {:.3g}", input.best["deviation"][name].get<double>()));
  }
  return "<section class=\"figures\">" + out + "</section>";
}

std::string cells(const ReportInput& input) {
  std::string out;
  for (const auto& cell : input.cells) {
    out += fmt::format("<figure>{}<figcaption>{}</figcaption></figure>", draw_cell_svg(cell),
                       escape_markup(cell["name"].get<std::string>()));
  }
  if (input.best.is_object()) {
    out += "<p><code>" + escape_markup(input.best["arch"].get<std::string>()) + "</code></p>";
  }
  return out.empty() ? "" : "<h2>Best architecture</h2>" + out;
}

std::string failures(const ReportInput& input) {
  std::map<std::string, std::vector<int64_t>> groups;
  for (const auto& trial : input.trials) {
    if (trial.failure)
      groups[trial.failure->kind + ": " + trial.failure->reason].push_back(trial.number);
  }
  std::string out;
  for (const auto& [reason, numbers] : groups) {
    out += fmt::format("<li>{} × {} (first: trial {})</li>", numbers.size(), escape_markup(reason),
                       numbers.front());
  }
  return out.empty() ? "" : "<h2>Failed trials</h2><ul>" + out + "</ul>";
}

std::string trial_row(const ReportInput& input, size_t index) {
  const Trial& trial = input.trials[index];
  const auto metric = trial.metrics.find(input.objectives.front().metric);
  const std::string score =
      metric == trial.metrics.end() ? "" : percent_or_number(metric->first, metric->second);
  return fmt::format(
      "<tr><td>{}</td><td>{}</td><td>{}</td><td>{:.1f}</td><td><code>{}</code></td></tr>",
      trial.number, to_text(trial.state), score, trial.seconds,
      escape_markup(input.architectures[index]));
}

std::string trial_table(const ReportInput& input) {
  std::string rows;
  for (size_t i = 0; i < input.trials.size(); ++i) rows += trial_row(input, i);
  return fmt::format(
      "<details><summary>All {} trials</summary><div "
      "class=\"wide\"><table><thead><tr><th>trial</th>"
      "<th>state</th><th>{}</th><th>seconds</th><th>architecture</th></tr></thead><tbody>{}</tbody>"
      "</table></div></details>",
      input.trials.size(), escape_markup(input.objectives.front().metric), rows);
}

std::string origin(const ReportInput& input) {
  return fmt::format(
      "<h2>How to do it again</h2><pre>{}</pre><details><summary>Configuration, with every default"
      "</summary><pre>{}</pre></details><details><summary>Provenance</summary><pre>{}</pre></"
      "details>",
      escape_markup(input.command), escape_markup(input.config),
      escape_markup(input.provenance.is_null() ? "" : input.provenance.dump(2)));
}

}  // namespace

std::string render_report(const ReportInput& input) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<title>{0}</title><style>{1}</style></head><body><main><h1>{0}</h1>{2}{3}{4}"
      "<h2>Score over trials</h2>{5}{6}{7}{8}</main></body></html>\n",
      escape_markup(input.name), kReportStyle, summary(input), figures(input), cells(input),
      draw_score_chart(input.trials, input.objectives.front()), failures(input), trial_table(input),
      origin(input));
}

}  // namespace nas

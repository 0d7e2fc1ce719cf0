#include "nas/report/html.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "nas/core/text.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/chart.hpp"
#include "nas/report/figures.hpp"
#include "nas/report/front_chart.hpp"
#include "nas/report/importance_chart.hpp"
#include "nas/report/style.hpp"

namespace nas {
namespace {

/// Narrower than this a cell is scrolled, so that its labels stay readable.
constexpr double kRemPerNode = 7;
/// A cell of more nodes is given the margins of a wide page.
constexpr size_t kLongCell = 5;

std::string heading(std::string_view text) { return fmt::format("<h2>{}</h2>", text); }

std::string folded(std::string_view title, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>{}</details>", title, content);
}

std::string preformatted(const std::string& text) {
  return fmt::format("<pre>{}</pre>", escape_markup(text));
}

/// A text member of `object`, which may be anything.
std::string text_of(const Json& object, const char* name) {
  if (!object.is_object() || !object.contains(name) || !object[name].is_string()) return "";
  return object[name].get<std::string>();
}

std::string search_sentence(const ReportInput& input) {
  double seconds = 0;
  int64_t complete = 0;
  int64_t screened = 0;
  int64_t stopped = 0;
  for (const auto& trial : input.trials) {
    seconds += trial.seconds;
    if (trial.job == Job::screen) {
      ++screened;
    } else if (trial.state == TrialState::complete) {
      ++complete;
    } else if (trial.state == TrialState::stopped) {
      ++stopped;
    }
  }
  std::string text = screened == 0 ? "" : fmt::format("{} points were screened first. ", screened);
  text +=
      fmt::format("{} of {} trials gave a score in {} of computing", complete,
                  static_cast<int64_t>(input.trials.size()) - screened, format_duration(seconds));
  return text + (stopped == 0 ? "." : fmt::format("; {} were stopped early.", stopped));
}

std::string summary(const ReportInput& input) {
  std::string text = search_sentence(input);
  const auto& metric = input.objectives.front().metric;
  if (const auto value = figure_of(input.best, "metrics", metric)) {
    text += fmt::format(" The best, trial {}, reached {} {}.",
                        input.best.value("trial", int64_t{0}), metric, figure_text(metric, *value));
  }
  if (const auto test = retrained_text(input.best, "test_accuracy")) {
    const size_t seeds = input.best.value("retrain", Json::array()).size();
    text += fmt::format(" Trained from scratch {}, it labels {} of the test data rightly.",
                        seeds == 1 ? "once" : fmt::format("with {} seeds", seeds), *test);
  }
  return "<p class=\"lead\">" + escape_markup(text) + "</p>";
}

std::string cells(const ReportInput& input) {
  std::string out;
  for (const auto& cell : input.cells) {
    const size_t nodes = cell["nodes"].size();
    out += fmt::format(
        "<figure class=\"{}\"><div class=\"wide\" style=\"--least:{}rem\">{}</div><figcaption>{}"
        "</figcaption></figure>",
        nodes > kLongCell ? "long" : "short", kRemPerNode * static_cast<double>(nodes),
        draw_cell_svg(cell), escape_markup(text_of(cell, "name")));
  }
  const std::string arch = text_of(input.best, "arch");
  if (!arch.empty()) out += "<p><code>" + escape_markup(arch) + "</code></p>";
  return out.empty() ? "" : heading("Best architecture") + out;
}

std::string charts(const ReportInput& input) {
  std::string out = heading("Score over trials");
  for (const auto& objective : input.objectives) out += draw_score_chart(input.trials, objective);
  if (input.objectives.size() > 1) {
    out += heading("Pareto front") +
           draw_front_chart(input.trials, input.architectures, input.objectives);
  }
  if (!input.curves.empty()) out += heading("Learning curves");
  for (const auto& group : input.curves) {
    out += "<h3>" + escape_markup(group.title) + "</h3>" + draw_curves(group);
  }
  return out;
}

std::string importance(const ReportInput& input) {
  if (!input.importance) return "";
  return heading("What the score depends on") + render_importance(input.choices, *input.importance);
}

std::string failures(const ReportInput& input) {
  std::map<std::string, std::vector<int64_t>> groups;
  for (const auto& trial : input.trials) {
    if (!trial.failure) continue;
    groups[trial.failure->kind + ": " + trial.failure->reason].push_back(trial.number);
  }
  std::string out;
  for (const auto& [reason, numbers] : groups) {
    out += fmt::format("<li>{} × {} (first: trial {})</li>", numbers.size(), escape_markup(reason),
                       numbers.front());
  }
  return out.empty() ? "" : heading("Failed trials") + "<ul>" + out + "</ul>";
}

std::string trial_row(const ReportInput& input, size_t index) {
  const Trial& trial = input.trials[index];
  std::string row = fmt::format("<tr><td>{}</td><td>{}</td>", trial.number, to_text(trial.state));
  for (const auto& objective : input.objectives) {
    const auto metric = trial.metrics.find(objective.metric);
    const bool scored = metric != trial.metrics.end();
    row += fmt::format("<td>{}</td>", scored ? figure_text(metric->first, metric->second) : "");
  }
  return row + fmt::format("<td>{:.1f}</td><td><code>{}</code></td></tr>", trial.seconds,
                           escape_markup(input.architectures[index]));
}

std::string trial_table(const ReportInput& input) {
  std::string head = "<th>trial</th><th>state</th>";
  for (const auto& objective : input.objectives) {
    head += "<th>" + escape_markup(objective.metric) + "</th>";
  }
  std::string rows;
  for (size_t i = 0; i < input.trials.size(); ++i) rows += trial_row(input, i);
  return folded(fmt::format("All {} trials", input.trials.size()),
                fmt::format("<div class=\"wide trials\"><table><thead><tr>{}<th>seconds</th>"
                            "<th>architecture</th></tr></thead><tbody>{}</tbody></table></div>",
                            head, rows));
}

std::string origin(const ReportInput& input) {
  std::string out = heading("How to do it again") + preformatted(input.command) +
                    folded("Configuration, with every default", preformatted(input.config));
  if (input.provenance.is_null()) return out;
  // Bytes that are no text, in a host's name or a path, must not end the report.
  const auto provenance = input.provenance.dump(2, ' ', false, Json::error_handler_t::replace);
  return out + folded("Provenance", preformatted(provenance));
}

}  // namespace

std::string render_report(const ReportInput& input) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<title>{0}</title><style>{1}</style></head><body><main><h1>{0}</h1>{2}{3}{4}{5}{6}{7}{8}{9}"
      "</main></body></html>\n",
      escape_markup(input.name), kReportStyle, summary(input),
      render_figures(input.best, input.objectives), cells(input), charts(input), importance(input),
      failures(input), trial_table(input), origin(input));
}

}  // namespace nas

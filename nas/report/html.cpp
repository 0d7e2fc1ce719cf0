#include "nas/report/html.hpp"

#include <fmt/core.h>

#include "nas/core/json.hpp"
#include "nas/plan/draw.hpp"
#include "nas/report/architectures.hpp"
#include "nas/report/compression.hpp"
#include "nas/report/figures.hpp"
#include "nas/report/importance_chart.hpp"
#include "nas/report/page_files.hpp"
#include "nas/report/report_data.hpp"
#include "nas/report/spending_section.hpp"
#include "nas/report/summary_section.hpp"
#include "nas/search/front_volume.hpp"

namespace nas {
namespace {

std::string heading(std::string_view text) { return fmt::format("<h2>{}</h2>", text); }

std::string folded(std::string_view title, const std::string& content) {
  return fmt::format("<details><summary>{}</summary>{}</details>", title, content);
}

std::string preformatted(const std::string& text) {
  return fmt::format("<pre>{}</pre>", escape_markup(text));
}

/// A heading, what it shows, and the place of the charts that a script draws.
std::string charts(std::string_view title, std::string_view note, std::string_view id) {
  return fmt::format("{}<p class=\"note\">{}</p><div id=\"{}\"></div>", heading(title), note, id);
}

std::string front(const ReportInput& input) {
  if (input.objectives.size() < 2) return "";
  const auto volume = front_volume(input.trials, input.objectives);
  if (!volume) return heading("Pareto front") + "<p>No trial has all objectives.</p>";
  return heading("Pareto front") +
         fmt::format(
             "<p>{} trials on the front; hypervolume {:.6g} above the worst value of each "
             "objective.</p>",
             pareto_front(input.trials, input.objectives).size(), *volume);
}

std::string importance(const ReportInput& input) {
  if (!input.importance) return "";
  return heading("What the score depends on") + render_importance(input.choices, *input.importance);
}

std::string origin(const ReportInput& input) {
  std::string out = heading("How to do it again") + preformatted(input.command) +
                    folded("Configuration, with every default", preformatted(input.config));
  if (input.provenance.is_null()) return out;
  // Bytes that are no text, in a host's name or a path, must not end the report.
  const auto provenance = input.provenance.dump(2, ' ', false, Json::error_handler_t::replace);
  return out + folded("Provenance", preformatted(provenance));
}

std::string joined(const std::vector<PageSection>& sections) {
  std::string out;
  for (const PageSection& section : sections) {
    out += fmt::format("<section id=\"{}\">{}</section>\n", section.id, section.html);
  }
  return out;
}

}  // namespace

std::vector<PageSection> report_sections(const ReportInput& input) {
  return {
      {"summary", render_summary(input) + render_figures(input.best, input.objectives)},
      {"architectures", render_architectures(input)},
      {"scores",
       charts("Score over trials and time",
              "Zoom with the tools above a chart, Ctrl and the wheel, or two fingers.",
              "score-charts"),
       true},
      {"front", front(input)},
      {"front-drawn", "<div id=\"front-charts\"></div>", true},
      {"curves",
       charts("Learning curves", "Of supernets, the best trials and the retrainings.",
              "curve-charts"),
       true},
      {"parallel",
       charts("Choices and scores",
              "A line a trial, the brighter the better. Drag along an axis to keep the trials that "
              "pass there; they are listed in the table below.",
              "parallel-charts"),
       true},
      {"importance", importance(input)},
      {"supernets",
       charts("Architecture weights", "How the mixture of the supernet decided, epoch by epoch.",
              "supernet-charts"),
       true},
      {"compression", render_compression(input)},
      {"failures", render_failures(input.trials)},
      {"cost", render_spending(input)},
      {"trials", charts("All trials", "Click a heading to sort by it.", "trial-table"), true},
      {"origin", origin(input)},
  };
}

std::string render_page(const PageParts& parts) {
  return fmt::format(
      "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">"
      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">"
      "<link rel=\"icon\" href=\"data:,\">"
      "<title>{0}</title><style>{1}</style></head><body><main><h1>{0}</h1>\n{2}"
      "<noscript><p>The charts and the table of trials need JavaScript.</p></noscript></main>\n"
      "<script type=\"application/json\" id=\"data\">{3}</script>\n<script>{4}</script>\n"
      "<script>{5}</script>\n</body></html>\n",
      escape_markup(parts.title), page_style(), parts.body, script_json(parts.data),
      charting_library(), parts.script);
}

std::string render_report(const ReportInput& input, const LivePage& live) {
  Json data = report_data(input);
  data["live"] = live.path;
  data["version"] = live.version;
  return render_page({input.name, joined(report_sections(input)), data, report_script()});
}

Json report_news(const ReportInput& input, const std::string& version, size_t kept) {
  Json sections = Json::object();
  for (const PageSection& section : report_sections(input)) {
    if (!section.drawn) sections[section.id] = section.html;
  }
  return {
      {"version", version}, {"sections", std::move(sections)}, {"data", report_data(input, kept)}};
}

}  // namespace nas

#pragma once

#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/report/report_input.hpp"

namespace nas {

/// A part of the page, told in HTML.
struct PageSection {
  std::string id;
  std::string html;
  /// Whether a script fills it in from report_data(); else the text says all, and a live page
  /// replaces it.
  bool drawn = false;
};

std::vector<PageSection> report_sections(const ReportInput& input);

/// One self-contained HTML page: nothing is loaded, light and dark, narrow and printed. `live_path`
/// is what a served page asks for news (see report_news); empty for a file.
std::string render_report(const ReportInput& input, const std::string& live_path = "");

/// {"version", "sections": {id: html}, "data"}: what a live page replaces.
Json report_news(const ReportInput& input, const std::string& version);

/// A page with the charting library, `data` (see script_json) and `script`.
struct PageParts {
  std::string title;
  std::string body;
  const Json& data;
  std::string_view script;
};
std::string render_page(const PageParts& parts);

}  // namespace nas

#pragma once

#include <cstddef>
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

/// Where a served page asks for news, and what it has; empty for a file.
struct LivePage {
  std::string path;
  std::string version;
};

/// One self-contained HTML page: nothing is loaded, light and dark, narrow and printed.
std::string render_report(const ReportInput& input, const LivePage& live = {});

/// {"version", "sections": {id: html}, "data"}: what a live page replaces. Of trials those behind
/// the first `kept`, see report_data().
Json report_news(const ReportInput& input, const std::string& version, size_t kept = 0);

/// A page with the charting library, `data` (see script_json) and `script`.
struct PageParts {
  std::string title;
  std::string body;
  const Json& data;
  std::string_view script;
};
std::string render_page(const PageParts& parts);

}  // namespace nas

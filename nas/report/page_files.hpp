#pragma once

#include <string_view>

namespace nas {

/// Apache ECharts, minified (third_party/echarts).
std::string_view charting_library();

/// The style sheet of all pages.
std::string_view page_style();

/// What draws a report's charts and its table, and keeps a live one fresh.
std::string_view report_script();

/// What draws the comparison of runs.
std::string_view comparison_script();

}  // namespace nas

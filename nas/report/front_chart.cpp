#include "nas/report/front_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "nas/plan/draw.hpp"
#include "nas/report/axes.hpp"
#include "nas/search/front_volume.hpp"

namespace nas {
namespace {

struct Dot {
  double x = 0;
  double y = 0;
  size_t trial = 0;
  const char* role = "rest";
};

std::vector<Dot> dots_of(std::span<const Trial> trials, const Objectives& objectives) {
  std::vector<Dot> dots;
  for (size_t i = 0; i < trials.size(); ++i) {
    if (!utilities(trials[i], objectives)) continue;
    const Metrics& metrics = trials[i].metrics;
    dots.push_back({metrics.at(objectives[1].metric), metrics.at(objectives[0].metric), i});
  }
  return dots;
}

/// Members of the front last, so that nothing covers them.
void mark_front(std::vector<Dot>& dots, const std::vector<size_t>& front) {
  for (Dot& dot : dots) {
    if (std::binary_search(front.begin(), front.end(), dot.trial)) dot.role = "front";
  }
  std::stable_partition(dots.begin(), dots.end(),
                        [](const Dot& dot) { return std::string_view(dot.role) == "rest"; });
}

Frame frame_of(const std::vector<Dot>& dots) {
  const auto [left, right] = std::minmax_element(
      dots.begin(), dots.end(), [](const Dot& a, const Dot& b) { return a.x < b.x; });
  const auto [least, most] = std::minmax_element(
      dots.begin(), dots.end(), [](const Dot& a, const Dot& b) { return a.y < b.y; });
  return make_value_frame(left->x, right->x, least->y, most->y);
}

}  // namespace

std::string draw_front_chart(std::span<const Trial> trials,
                             std::span<const std::string> architectures,
                             const Objectives& objectives) {
  auto dots = dots_of(trials, objectives);
  if (dots.empty()) return "<p>No trial has all objectives.</p>";
  const auto front = pareto_front(trials, objectives);
  mark_front(dots, front);
  const Frame frame = frame_of(dots);
  std::string content = draw_axes(frame, objectives[1].metric, objectives[0].metric);
  for (const Dot& dot : dots) {
    content += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"4\" class=\"{}\"><title>trial {}: {:.6g}, {:.6g}"
        "\n{}</title></circle>",
        frame.x(dot.x), frame.y(dot.y), dot.role, trials[dot.trial].number, dot.y, dot.x,
        escape_markup(architectures[dot.trial]));
  }
  const std::string title = objectives[0].metric + " over " + objectives[1].metric;
  std::string out = wrap_chart(content, title);
  if (const auto volume = front_volume(trials, objectives)) {
    out += fmt::format(
        "<p>{} trials on the front; hypervolume {:.6g} above the worst value of each "
        "objective.</p>",
        front.size(), *volume);
  }
  return out;
}

}  // namespace nas

#include "nas/report/chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <vector>

#include "nas/plan/draw.hpp"
#include "nas/report/axes.hpp"

namespace nas {
namespace {

struct Mark {
  double number;
  double score;
};

std::vector<Mark> marks_of(std::span<const Trial> trials, const Objective& objective) {
  std::vector<Mark> marks;
  for (const auto& trial : trials) {
    if (!utility(objective, trial)) continue;
    marks.push_back({static_cast<double>(trial.number), trial.metrics.at(objective.metric)});
  }
  return marks;
}

std::string best_line(std::span<const Mark> marks, const Frame& frame, Goal goal) {
  double best = marks.front().score;
  std::string path = fmt::format("M{:.1f} {:.1f}", frame.x(marks.front().number), frame.y(best));
  for (const auto& mark : marks.subspan(1)) {
    path += fmt::format("H{:.1f}", frame.x(mark.number));
    const bool better = goal == Goal::maximize ? mark.score > best : mark.score < best;
    if (better) path += fmt::format("V{:.1f}", frame.y(best = mark.score));
  }
  return fmt::format("<path d=\"{}\" class=\"best\"/>", path);
}

std::string dots(std::span<const Mark> marks, const Frame& frame) {
  std::string out;
  for (const auto& mark : marks) {
    out += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>trial {:.0f}: "
        "{:.6g}</title></circle>",
        frame.x(mark.number), frame.y(mark.score), mark.number, mark.score);
  }
  return out;
}

std::string crosses(std::span<const Trial> trials, const Frame& frame) {
  std::string out;
  for (const auto& trial : trials) {
    if (!trial.failure) continue;
    out += fmt::format(
        "<path d=\"M{:.1f} {:.1f}l6 6m-6 0l6 -6\" class=\"failed\"><title>trial {}: {}: "
        "{}</title></path>",
        frame.x(static_cast<double>(trial.number)) - 3, frame.y(frame.y.low) - 7, trial.number,
        escape_markup(trial.failure->kind), escape_markup(trial.failure->reason));
  }
  return out;
}

}  // namespace

std::string draw_score_chart(std::span<const Trial> trials, const Objective& objective) {
  const auto marks = marks_of(trials, objective);
  if (marks.empty()) return "<p>No trial has a score.</p>";
  const auto [least, most] = std::minmax_element(
      marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.score < b.score; });
  const Frame frame =
      make_frame(0, static_cast<double>(trials.back().number), least->score, most->score);
  return wrap_chart(draw_axes(frame, "trial", objective.metric) + crosses(trials, frame) +
                        best_line(marks, frame, objective.goal) + dots(marks, frame),
                    objective.metric + " over trials");
}

}  // namespace nas

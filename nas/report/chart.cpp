#include "nas/report/chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <vector>

#include "nas/plan/draw.hpp"

namespace nas {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 300;
constexpr double kLeft = 64;
constexpr double kBottom = 40;
constexpr double kTop = 14;
constexpr double kRight = 14;

struct Mark {
  int64_t number;
  double score;
};

struct Axis {
  double low;
  double high;
  double at;    // pixels of low
  double span;  // pixels to high
  double operator()(double value) const { return at + (value - low) / (high - low) * span; }
};

/// A step of 1, 2 or 5 times a power of ten that cuts the range into about five.
double tick_step(double range) {
  const double rough = range / 5;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

std::string axes(const Axis& x, const Axis& y, const std::string& label) {
  std::string out;
  const double y_step = tick_step(y.high - y.low);
  for (double tick = std::ceil(y.low / y_step) * y_step; tick <= y.high; tick += y_step) {
    out += fmt::format(
        "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" class=\"grid\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{:.6g}</text>",
        kLeft, kWidth - kRight, y(tick), y(tick), kLeft - 6, y(tick) + 4, tick);
  }
  const double x_step = std::max(1.0, tick_step(x.high - x.low));
  for (double tick = std::ceil(x.low / x_step) * x_step; tick <= x.high; tick += x_step) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{:.0f}</text>", x(tick),
                       kHeight - kBottom + 18, tick);
  }
  return out +
         fmt::format(
             "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">trial</text>"
             "<text transform=\"translate(14 {}) rotate(-90)\" text-anchor=\"middle\">{}</text>",
             (kLeft + kWidth) / 2, kHeight - 6, (kHeight - kBottom) / 2, escape_markup(label));
}

std::string best_line(const std::vector<Mark>& marks, const Axis& x, const Axis& y, Goal goal) {
  std::string path;
  double best = 0;
  for (size_t i = 0; i < marks.size(); ++i) {
    const bool better = goal == Goal::maximize ? marks[i].score > best : marks[i].score < best;
    if (i == 0) {
      best = marks[i].score;
      path = fmt::format("M{:.1f} {:.1f}", x(static_cast<double>(marks[i].number)), y(best));
    } else {
      path += fmt::format("H{:.1f}", x(static_cast<double>(marks[i].number)));
      if (better) path += fmt::format("V{:.1f}", y(best = marks[i].score));
    }
  }
  return fmt::format("<path d=\"{}\" class=\"best\"/>", path);
}

}  // namespace

std::string draw_score_chart(std::span<const Trial> trials, const Objective& objective) {
  std::vector<Mark> marks;
  for (const auto& trial : trials) {
    const auto value = utility(objective, trial);
    if (value) marks.push_back({trial.number, trial.metrics.at(objective.metric)});
  }
  if (marks.empty()) return "<p>No trial has a score.</p>";
  const auto [least, most] = std::minmax_element(
      marks.begin(), marks.end(), [](const Mark& a, const Mark& b) { return a.score < b.score; });
  const double room =
      std::max((most->score - least->score) * 0.06, 1e-9 + 1e-6 * std::abs(most->score));
  const double last = std::max<double>(static_cast<double>(marks.back().number), 1);
  const Axis x{0, last, kLeft + 8, kWidth - kLeft - kRight - 16};
  const Axis y{least->score - room, most->score + room, kHeight - kBottom,
               -(kHeight - kBottom - kTop)};
  std::string dots;
  for (const auto& mark : marks) {
    dots += fmt::format(
        "<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"3.5\"><title>trial {}: {:.6g}</title></circle>",
        x(static_cast<double>(mark.number)), y(mark.score), mark.number, mark.score);
  }
  return fmt::format(
      "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"score over trials\">"
      "{}{}{}</svg>",
      kWidth, kHeight, axes(x, y, objective.metric), best_line(marks, x, y, objective.goal), dots);
}

}  // namespace nas

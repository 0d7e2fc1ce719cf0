#include "nas/report/importance_chart.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nas/plan/draw.hpp"
#include "nas/report/axes.hpp"

namespace nas {
namespace {

constexpr size_t kBars = 16;
constexpr size_t kCharts = 4;
/// Below this a choice gets no chart of its own.
constexpr double kLeastShare = 0.02;
/// Less of the variance explained than this leaves the shares to chance.
constexpr double kTrusted = 0.5;

std::string bar(const std::string& name, double share) {
  return fmt::format(
      "<tr><th>{}</th><td><div class=\"bar\" style=\"width:{:.1f}rem\"></div></td><td>{:.1f} %"
      "</td></tr>",
      escape_markup(name), 24 * share, 100 * share);
}

std::string bars(const Choices& choices, const Importance& importance) {
  std::string rows;
  for (size_t i = 0; i < std::min(importance.choices.size(), kBars); ++i) {
    const auto& one = importance.choices[i];
    rows += bar(choices[one.choice].name, one.share);
  }
  for (size_t i = 0; i < std::min(importance.pairs.size(), kBars); ++i) {
    const auto& pair = importance.pairs[i];
    rows += bar(choices[pair.first].name + " with " + choices[pair.second].name, pair.share);
  }
  return "<div class=\"wide\"><table>" + rows + "</table></div>";
}

std::string sentence(const Importance& importance) {
  std::string text = fmt::format(
      "Shares of the variance of {} over the whole space, from {} trials. The forest behind them "
      "explains {:.0f} % of the variance of trials that it has not seen{}.",
      importance.metric, importance.trials, 100 * std::max(importance.explained, 0.0),
      importance.explained < kTrusted ? ": too little to rely on" : "");
  return "<p>" + escape_markup(text) + "</p>";
}

bool is_log(const Choice& choice) {
  const auto* real = std::get_if<RealInterval>(&choice.domain);
  const auto* whole = std::get_if<IntegerInterval>(&choice.domain);
  return (real != nullptr && real->log) || (whole != nullptr && whole->log);
}

/// Places along the axis: of options in the order of the curve.
std::vector<double> places_of(const Choice& choice, const std::vector<Dependence>& curve) {
  std::vector<double> places;
  for (size_t i = 0; i < curve.size(); ++i) {
    const double value = curve[i].label.empty() ? curve[i].value : static_cast<double>(i);
    places.push_back(is_log(choice) ? std::log10(value) : value);
  }
  return places;
}

Frame frame_of(const std::vector<double>& places, const std::vector<Dependence>& curve) {
  const auto below = [](const Dependence& at) { return at.metric.mean - at.metric.deviation; };
  const auto above = [](const Dependence& at) { return at.metric.mean + at.metric.deviation; };
  double least = below(curve.front());
  double most = above(curve.front());
  for (const auto& at : curve) {
    least = std::min(least, below(at));
    most = std::max(most, above(at));
  }
  return make_value_frame(places.front(), places.back(), least, most);
}

std::string line_of(const Frame& frame, const std::vector<double>& places,
                    const std::vector<Dependence>& curve) {
  std::string line;
  std::string band;
  for (size_t i = 0; i < curve.size(); ++i) {
    const auto& [mean, deviation] = curve[i].metric;
    const char step = i == 0 ? 'M' : 'L';
    line += fmt::format("{}{:.1f} {:.1f}", step, frame.x(places[i]), frame.y(mean));
    band += fmt::format("{}{:.1f} {:.1f}", step, frame.x(places[i]), frame.y(mean + deviation));
  }
  for (size_t i = curve.size(); i-- > 0;) {
    const auto& [mean, deviation] = curve[i].metric;
    band += fmt::format("L{:.1f} {:.1f}", frame.x(places[i]), frame.y(mean - deviation));
  }
  return fmt::format("<path d=\"{}Z\" class=\"band\"/><path d=\"{}\" class=\"best\"/>", band, line);
}

std::string dots_of(const Frame& frame, const std::vector<double>& places,
                    const std::vector<Dependence>& curve) {
  std::string out;
  for (size_t i = 0; i < curve.size(); ++i) {
    const auto& [mean, deviation] = curve[i].metric;
    const double x = frame.x(places[i]);
    out += fmt::format(
        "<path d=\"M{0:.1f} {1:.1f}V{2:.1f}\" class=\"best\"/><circle cx=\"{0:.1f}\" "
        "cy=\"{3:.1f}\" "
        "r=\"4\"><title>{4}: {5:.6g}</title></circle><text x=\"{0:.1f}\" y=\"{6:.1f}\" "
        "text-anchor=\"middle\">{4}</text>",
        x, frame.y(mean - deviation), frame.y(mean + deviation), frame.y(mean),
        escape_markup(curve[i].label), mean, frame.y(frame.y.low) + 20);
  }
  return out;
}

std::string chart_of(const Choice& choice, const ChoiceImportance& importance,
                     const std::string& metric) {
  const auto& curve = importance.curve;
  const auto places = places_of(choice, curve);
  const Frame frame = frame_of(places, curve);
  const bool options = !curve.front().label.empty();
  const std::string name = (is_log(choice) ? "log10 " : "") + choice.name;
  const std::string axes =
      options ? draw_value_axis(frame, name, metric) : draw_axes(frame, name, metric);
  const std::string content =
      options ? dots_of(frame, places, curve) : line_of(frame, places, curve);
  return wrap_chart(axes + content, metric + " over " + choice.name);
}

}  // namespace

std::string render_importance(const Choices& choices, const Importance& importance) {
  std::string out = sentence(importance) + bars(choices, importance);
  for (size_t i = 0; i < std::min(importance.choices.size(), kCharts); ++i) {
    const auto& one = importance.choices[i];
    if (one.share < kLeastShare || one.curve.size() < 2) continue;
    out += chart_of(choices[one.choice], one, importance.metric);
  }
  return out;
}

}  // namespace nas

#include "nas/report/axes.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "nas/plan/draw.hpp"

namespace nas {
namespace {

constexpr double kWidth = 760;
constexpr double kHeight = 300;
constexpr double kLeft = 70;
constexpr double kBottom = 44;
constexpr double kTop = 30;
constexpr double kRight = 14;
constexpr double kInset = 8;
constexpr double kTicks = 6;

/// A step of 1, 2 or 5 times a power of ten that cuts the range into `kTicks` or fewer.
double tick_step(double range) {
  const double rough = range / kTicks;
  const double power = std::pow(10, std::floor(std::log10(rough)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (factor * power >= rough) return factor * power;
  }
  return 10 * power;
}

/// Decimals that tell two ticks apart.
int decimals_of(double step) {
  return std::clamp(static_cast<int>(-std::floor(std::log10(step) + 1e-9)), 0, 9);
}

/// Calls draw(value) for every tick; counted, so that rounding adds no error.
template <class Draw>
void for_ticks(const Axis& axis, double step, Draw draw) {
  const double first = std::ceil(axis.low / step - 1e-9);
  for (int i = 0; (first + i) * step <= axis.high; ++i) draw((first + i) * step);
}

std::string tick_text(double value, double step) {
  if (std::abs(value) >= 1e6 || step < 1e-4) return fmt::format("{:.3g}", value);
  return fmt::format("{:.{}f}", value, decimals_of(step));
}

double room_of(double least, double most) {
  return std::max((most - least) * 0.06, 1e-9 + 1e-3 * std::abs(most));
}

Axis across(double low, double high) {
  return {low, high, kLeft + kInset, kWidth - kLeft - kRight - 2 * kInset};
}

Axis upwards(double least, double most) {
  const double room = room_of(least, most);
  return {least - room, most + room, kHeight - kBottom, -(kHeight - kBottom - kTop)};
}

}  // namespace

Frame make_frame(double first, double last, double least, double most) {
  Axis x = across(first, std::max(last, first + 1));
  x.least_step = 1;
  return {x, upwards(least, most)};
}

Frame make_value_frame(double x_least, double x_most, double y_least, double y_most) {
  const double room = room_of(x_least, x_most);
  return {across(x_least - room, x_most + room), upwards(y_least, y_most)};
}

std::string draw_value_axis(const Frame& frame, std::string_view x_name, std::string_view y_name) {
  std::string out;
  const double y_step = tick_step(frame.y.high - frame.y.low);
  for_ticks(frame.y, y_step, [&](double tick) {
    out += fmt::format(
        "<line x1=\"{}\" x2=\"{}\" y1=\"{:.1f}\" y2=\"{:.1f}\" class=\"grid\"/>"
        "<text x=\"{}\" y=\"{:.1f}\" text-anchor=\"end\">{}</text>",
        kLeft, kWidth - kRight, frame.y(tick), frame.y(tick), kLeft - 6, frame.y(tick) + 4,
        tick_text(tick, y_step));
  });
  return out + fmt::format(
                   "<text x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>"
                   "<text x=\"0\" y=\"16\">{}</text>",
                   (kLeft + kWidth) / 2, kHeight - 4, escape_markup(std::string(x_name)),
                   escape_markup(std::string(y_name)));
}

std::string draw_axes(const Frame& frame, std::string_view x_name, std::string_view y_name) {
  std::string out = draw_value_axis(frame, x_name, y_name);
  const double x_step = std::max(frame.x.least_step, tick_step(frame.x.high - frame.x.low));
  for_ticks(frame.x, x_step, [&](double tick) {
    out += fmt::format("<text x=\"{:.1f}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                       frame.x(tick), kHeight - kBottom + 20, tick_text(tick, x_step));
  });
  return out;
}

std::string wrap_chart(const std::string& content, std::string_view title) {
  return fmt::format(
      "<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}</svg>", kWidth,
      kHeight, escape_markup(std::string(title)), content);
}

}  // namespace nas

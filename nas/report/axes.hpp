#pragma once

#include <string>
#include <string_view>

namespace nas {

/// From data to pixels along one direction.
struct Axis {
  double low = 0;
  double high = 1;        // above low
  double at = 0;          // pixels of low
  double span = 1;        // pixels from low to high; negative upwards
  double least_step = 0;  // between ticks; 1 for whole numbers
  double operator()(double value) const { return at + (value - low) / (high - low) * span; }
};

/// The two axes of a chart of fixed size.
struct Frame {
  Axis x;
  Axis y;
};

/// A frame for whole numbers `first` .. `last` and values `least` .. `most`, with a little room.
Frame make_frame(double first, double last, double least, double most);

/// A frame for values along both axes, with a little room.
Frame make_value_frame(double x_least, double x_most, double y_least, double y_most);

/// Grid lines, ticks and the names of both axes.
std::string draw_axes(const Frame& frame, std::string_view x_name, std::string_view y_name);

/// The same without ticks along x, where texts of one's own stand.
std::string draw_value_axis(const Frame& frame, std::string_view x_name, std::string_view y_name);

/// A whole chart around what was drawn into its frame; `title` is for those who cannot see it.
std::string wrap_chart(const std::string& content, std::string_view title);

}  // namespace nas

#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

namespace nas {

/// Bounds of every coordinate; where both are equal the coordinate stays put.
struct Box {
  std::vector<double> low;
  std::vector<double> high;
};

struct LbfgsSettings {
  int64_t iterations = 50;
  /// Pairs of steps and changes of the gradient that the curvature is estimated from.
  int64_t memory = 8;
  /// Stops where no coordinate of the projected gradient is larger,
  double gradient_tolerance = 1e-5;
  /// or where a step improves the value by less than this share of it.
  double value_tolerance = 1e-9;
};

struct Minimum {
  std::vector<double> x;
  double value = 0;
};

/// Returns the value at x and fills its gradient; may be infinite or not a number away from the
/// start, where steps are then shortened.
using Differentiable = std::function<double(std::span<const double> x, std::span<double> gradient)>;

/// Minimum in a box from `start`, which is first moved into it: limited-memory BFGS (Nocedal 1980)
/// in the coordinates that no bound holds, with backtracking along the projected path (Bertsekas
/// 1982). The value is never above that of the start.
Minimum minimize(const Differentiable& function, std::vector<double> start, const Box& box,
                 const LbfgsSettings& settings);

}  // namespace nas

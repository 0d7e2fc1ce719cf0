#pragma once

#include <array>
#include <span>
#include <vector>

namespace nas {

/// Of two losses.
using LossPair = std::array<double, 2>;

/// The part of the plane that two losses, smaller is better, must reach to enlarge the volume which
/// some others dominate, bounded by a reference point that is worse in both.
class FrontGap {
 public:
  /// Losses that are not better than the reference in both are left out.
  FrontGap(std::span<const LossPair> losses, const LossPair& reference);

  struct LogVolume {
    double value = 0;
    LossPair by_mean{};
    LossPair by_deviation{};
  };

  /// Logarithm of the expected gain of dominated volume by two independent normal losses, exact: a
  /// sum over stripes between neighbours of the front (Emmerich et al. 2011), each term a product
  /// of expected improvements whose logarithms are stable, so that it is finite also far from the
  /// front. `deviations` are positive.
  LogVolume log_expected_gain(const LossPair& means, const LossPair& deviations) const;

 private:
  /// First losses from `left` to `right`, second ones below `top`.
  struct Stripe {
    double left;
    double right;
    double top;
  };
  std::vector<Stripe> stripes_;
};

}  // namespace nas

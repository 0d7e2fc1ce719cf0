#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "controllers/unit_cube.hpp"

namespace nas {

/// What a Gaussian process sees of a point: its coordinates in the UnitCube.
using Features = std::vector<double>;

/// Coordinates of a point and how they change.
struct Embedded {
  std::vector<double> at;
  std::vector<double> by_feature;
  std::vector<double> by_log_a;
  std::vector<double> by_log_b;
};

/// Lays points out so that squared distances between them are a weighted sum of those along each
/// choice. Columns:
///  - a number or ordered option that is always active: its warped place, one column;
///  - one under a condition: a quarter of an arc, two columns, the origin where it is not
///    active (Swersky et al. 2014), so that the distance from "not there" is the same for all its
///    values; imputing a middle value would make that value look like none;
///  - an unordered choice: one column an option, so that different options are all at distance 1
///  (the
///    Hamming kernel); the origin where it is not active.
/// Places are warped by the distribution function of Kumaraswamy, 1 - (1 - x^a)^b (Snoek et al.
/// 2014), which a = b = 1 leaves alone.
class GpEmbedding {
 public:
  explicit GpEmbedding(const Choices& choices);

  size_t choices() const { return domains_.size(); }
  size_t columns() const { return owners_.size(); }
  /// The choice that each column belongs to.
  std::span<const size_t> owners() const { return owners_; }
  bool is_unordered(size_t choice) const { return domains_[choice].options > 0; }
  /// Whether values of the choice lie on a line and there are several.
  bool can_warp(size_t choice) const { return domains_[choice].varies && !is_unordered(choice); }

  /// `log_a` and `log_b`: logarithms of the warp's exponents, one a choice.
  Embedded embed(const Features& features, std::span<const double> log_a,
                 std::span<const double> log_b) const;

 private:
  struct Domain {
    size_t options = 0;  // of an unordered choice
    bool conditional = false;
    bool varies = false;
    size_t first = 0;  // column
  };

  std::vector<Domain> domains_;
  std::vector<size_t> owners_;
};

}  // namespace nas

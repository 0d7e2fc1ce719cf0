#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "controllers/gp_likelihood.hpp"
#include "nas/core/random.hpp"

namespace nas {

/// What a process says of the noise-free value at a point: normal, with one mean for each of the
/// futures that are considered and the same deviation in all. Or the slopes of something by these.
struct Belief {
  std::vector<double> means;
  double deviation = 0;
};

/// A point as GpPosterior sees it.
struct GpQuery {
  Belief belief;
  Embedded place;
  std::vector<double> by_squared;  // slopes of its covariances by squared distances
  std::vector<double> half;        // covariances divided by the Cholesky factor
};

/// A Gaussian process given its parameters and what was observed, in the units of the warped
/// output. Immutable; copies share their matrices.
class GpPosterior {
 public:
  GpPosterior(const GpEmbedding& embedding, const GpData& data, std::vector<double> parameters);

  struct Futures {
    int64_t count = 32;
    /// How far outcomes stray from what is expected: 1 as is believed, 0 not at all.
    double spread = 1;
  };
  /// The same after several outcomes of trials at these points, drawn jointly from what is believed
  /// of them, noise included (Snoek et al. 2012, section 3.2).
  GpPosterior fantasized(std::span<const Features> pending, const Futures& futures,
                         RandomStream& random) const;

  /// Means at all observed points, [future][point].
  std::vector<std::vector<double>> observed_means() const;

  std::vector<Belief> predict(std::span<const Features> points) const;
  /// One point with what its slopes are computed from.
  GpQuery query(const Features& point) const;
  /// Slope by each feature of a function whose slopes by the belief at the query are given; 0 by
  /// features without one.
  std::vector<double> gradient(const GpQuery& query, const Belief& slopes) const;

 private:
  struct Body;
  explicit GpPosterior(std::shared_ptr<const Body> body) : body_(std::move(body)) {}

  std::shared_ptr<const Body> body_;
};

}  // namespace nas

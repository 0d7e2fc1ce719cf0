#pragma once

#include <memory>
#include <span>
#include <vector>

#include "controllers/gp_posterior.hpp"

namespace nas {

/// How much a point is worth trying, a function of what several processes believe of it.
class Merit {
 public:
  virtual ~Merit() = default;
  /// A logarithm; larger is better. `slopes` is sized like `beliefs` and is filled with the slopes
  /// by these.
  virtual double value(std::span<const Belief> beliefs, std::span<Belief> slopes) const = 0;
};

/// Means at the observed points, [future][point], as GpPosterior gives them.
using ObservedMeans = std::vector<std::vector<double>>;

/// Logarithm of the expected improvement over the least mean, averaged over the futures.
std::unique_ptr<Merit> improvement_merit(const ObservedMeans& observed);

/// Logarithm of the expected gain of dominated volume by two beliefs (FrontGap), averaged over the
/// futures. The reference is a tenth of the front's extent beyond its worst values.
std::unique_ptr<Merit> front_merit(const ObservedMeans& first, const ObservedMeans& second);

/// Adds to `merit`, which sees all but the last belief, `power` times the logarithm of the
/// probability that the last one is above `limit`.
std::unique_ptr<Merit> feasible_merit(std::unique_ptr<Merit> merit, double limit, double power);

/// Merit over points.
class Acquisition {
 public:
  Acquisition(std::vector<GpPosterior> models, std::unique_ptr<Merit> merit)
      : models_(std::move(models)), merit_(std::move(merit)) {}

  std::vector<double> values(std::span<const Features> points) const;
  /// Also fills the slopes by features, one a choice.
  double value(const Features& point, std::span<double> gradient) const;

 private:
  std::vector<GpPosterior> models_;
  std::unique_ptr<Merit> merit_;
};

}  // namespace nas

#pragma once

#include <span>
#include <vector>

#include "nas/qubo/point_encoding.hpp"

namespace nas {

struct SurrogateOptions {
  /// Of the ridge, against targets of variance 1.
  double ridge = 1;
};

/// The binary model, without penalty, whose energy at an encoded point predicts the point's target:
/// a ridge regression on all bits and all products of two, fitted to the targets less their mean
/// (as in Baptista & Poloczek 2018, "Bayesian optimization of combinatorial structures"). The
/// normal equations are solved by conjugate gradients, so time grows with points times pairs of
/// choices and never with the square of the number of products. One target a point; at least one.
QuadraticModel fit_surrogate(const PointEncoding& encoding, std::span<const Point> points,
                             std::span<const double> targets, const SurrogateOptions& options);

/// The energy of a fitted model at a point.
double predicted(const QuadraticModel& surrogate, const PointEncoding& encoding,
                 const Point& point);

/// Spearman's rank correlation between the targets and what models that were fitted without them
/// predict, five models in all; nothing where it has no meaning.
std::optional<double> held_out_correlation(const PointEncoding& encoding,
                                           std::span<const Point> points,
                                           std::span<const double> targets,
                                           const SurrogateOptions& options);

}  // namespace nas

#pragma once

#include <Eigen/Core>
#include <span>
#include <vector>

#include "controllers/gp_embedding.hpp"

// For units of the Gaussian process alone: Eigen compiles slowly.
namespace nas {

/// Prior variance of the mean, in the units of standardised values; the kernel includes it.
constexpr double kMeanVariance = 1;

using Matrix = Eigen::MatrixXd;
using Vector = Eigen::VectorXd;

/// Embedded points, one a row, and their derivatives.
struct EmbeddedMatrix {
  Matrix at;
  Matrix by_log_a;
  Matrix by_log_b;
};

EmbeddedMatrix embed_all(const GpEmbedding& embedding, std::span<const Features> points,
                         std::span<const double> log_a, std::span<const double> log_b);

/// Square root of the weight of each column's choice.
Eigen::RowVectorXd column_scales(const GpEmbedding& embedding, std::span<const double> log_weights);

/// Squared distances between the rows of `a` and those of `b`, which are scaled already. By
/// differences: near points keep their precision.
Matrix squared_distances(const Matrix& a, const Matrix& b);

/// Matérn 5/2 of squared distances, 1 at distance 0, in place; returns its slope by the squared
/// distance.
Matrix matern(Matrix& squared);

}  // namespace nas

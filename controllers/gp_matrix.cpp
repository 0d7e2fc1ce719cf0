#include "controllers/gp_matrix.hpp"

#include <cmath>

namespace nas {

EmbeddedMatrix embed_all(const GpEmbedding& embedding, std::span<const Features> points,
                         std::span<const double> log_a, std::span<const double> log_b) {
  const auto rows = static_cast<Eigen::Index>(points.size());
  const auto columns = static_cast<Eigen::Index>(embedding.columns());
  EmbeddedMatrix all{Matrix(rows, columns), Matrix(rows, columns), Matrix(rows, columns)};
  for (Eigen::Index i = 0; i < rows; ++i) {
    const auto one = embedding.embed(points[static_cast<size_t>(i)], log_a, log_b);
    const auto row = [columns](const std::vector<double>& values) {
      return Eigen::Map<const Eigen::RowVectorXd>(values.data(), columns);
    };
    all.at.row(i) = row(one.at);
    all.by_log_a.row(i) = row(one.by_log_a);
    all.by_log_b.row(i) = row(one.by_log_b);
  }
  return all;
}

Eigen::RowVectorXd column_scales(const GpEmbedding& embedding,
                                 std::span<const double> log_weights) {
  Eigen::RowVectorXd scales(static_cast<Eigen::Index>(embedding.columns()));
  Eigen::Index column = 0;
  for (const size_t owner : embedding.owners()) scales(column++) = std::exp(log_weights[owner] / 2);
  return scales;
}

Matrix squared_distances(const Matrix& a, const Matrix& b) {
  Matrix squared = Matrix::Zero(a.rows(), b.rows());
  for (Eigen::Index j = 0; j < b.rows(); ++j) {
    for (Eigen::Index e = 0; e < a.cols(); ++e) {
      squared.col(j).array() += (a.col(e).array() - b(j, e)).square();
    }
  }
  return squared;
}

Matrix matern(Matrix& squared) {
  const double root = std::sqrt(5.0);
  Eigen::Map<Eigen::ArrayXd> flat(squared.data(), squared.size());
  Matrix slopes(squared.rows(), squared.cols());
  Eigen::Map<Eigen::ArrayXd> slope(slopes.data(), slopes.size());
  // The slope holds sqrt(5) r and the exponential until both are used.
  slope = root * flat.sqrt();
  const Eigen::ArrayXd decay = (-slope).exp();
  flat = (1 + slope + 5.0 / 3 * flat) * decay;
  slope = -5.0 / 6 * (1 + slope) * decay;
  return slopes;
}

}  // namespace nas

#include "controllers/gp_likelihood.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

#include "controllers/gp_matrix.hpp"
#include "controllers/output_warp.hpp"

namespace nas {
namespace {

/// One evaluation: the covariance matrix and what depends on it.
class Evaluation {
 public:
  Evaluation(const GpEmbedding& embedding, const GpData& data, std::span<const double> parameters)
      : embedding_(embedding),
        layout_{embedding.choices()},
        parameters_(parameters),
        embedded_(embed_all(embedding, data.points, part(layout_.log_a()), part(layout_.log_b()))),
        output_(warp_output(data.values, parameters[layout_.power()],
                            parameters[layout_.log_offset()])),
        targets_(Eigen::Map<const Vector>(output_.values.data(), size())) {}

  double run(std::span<double> gradient) {
    const auto scales = column_scales(embedding_, part(layout_.log_weights()));
    const Matrix scaled = embedded_.at * scales.asDiagonal();
    correlation_ = squared_distances(scaled, scaled);
    slopes_ = matern(correlation_);
    Matrix covariance = (scale() * correlation_).array() + kMeanVariance;
    covariance.diagonal().array() += noise();
    const Eigen::LLT<Matrix> factor(covariance);
    if (factor.info() != Eigen::Success) return std::numeric_limits<double>::infinity();
    solved_ = factor.solve(targets_);
    // Of the loss by the covariance matrix.
    weights_ = (factor.solve(Matrix::Identity(size(), size())) - solved_ * solved_.transpose()) / 2;
    fill(gradient);
    const double log_determinant = factor.matrixLLT().diagonal().array().log().sum();
    return targets_.dot(solved_) / 2 + log_determinant - output_.log_jacobian +
           static_cast<double>(size()) / 2 * std::log(2 * std::numbers::pi);
  }

 private:
  std::span<const double> part(size_t first) const {
    return parameters_.subspan(first, embedding_.choices());
  }
  Eigen::Index size() const { return embedded_.at.rows(); }
  double scale() const { return std::exp(parameters_[layout_.log_scale()]); }
  double noise() const { return std::exp(parameters_[layout_.log_noise()]); }

  void fill(std::span<double> gradient) const {
    std::fill(gradient.begin(), gradient.end(), 0.0);
    gradient[layout_.log_scale()] = scale() * weights_.cwiseProduct(correlation_).sum();
    gradient[layout_.log_noise()] = noise() * weights_.trace();
    const auto by_output = [this](const std::vector<double>& slope, double jacobian) {
      return solved_.dot(Eigen::Map<const Vector>(slope.data(), size())) - jacobian;
    };
    gradient[layout_.power()] = by_output(output_.by_power, output_.log_jacobian_by_power);
    gradient[layout_.log_offset()] =
        by_output(output_.by_log_offset, output_.log_jacobian_by_log_offset);
    fill_columns(gradient);
  }

  /// Weights and input warps: the loss by squared distances, h, gives for column u with weight w
  /// d/dw = sum h_ij (u_i - u_j)², and d/du_i = 4 w sum_j h_ij (u_i - u_j).
  void fill_columns(std::span<double> gradient) const {
    const Matrix by_squared = scale() * weights_.cwiseProduct(slopes_);
    const Matrix product = by_squared * embedded_.at;
    const Vector sums = by_squared.rowwise().sum();
    Eigen::Index e = 0;
    for (const size_t owner : embedding_.owners()) {
      const double weight = std::exp(parameters_[layout_.log_weights() + owner]);
      const Vector pull = sums.cwiseProduct(embedded_.at.col(e)) - product.col(e);
      gradient[layout_.log_weights() + owner] += 2 * weight * pull.dot(embedded_.at.col(e));
      gradient[layout_.log_a() + owner] += 4 * weight * pull.dot(embedded_.by_log_a.col(e));
      gradient[layout_.log_b() + owner] += 4 * weight * pull.dot(embedded_.by_log_b.col(e));
      ++e;
    }
  }

  const GpEmbedding& embedding_;
  GpLayout layout_;
  std::span<const double> parameters_;
  EmbeddedMatrix embedded_;
  WarpedOutput output_;
  Vector targets_;
  Matrix correlation_;
  Matrix slopes_;
  Vector solved_;
  Matrix weights_;
};

}  // namespace

double gp_loss(const GpEmbedding& embedding, const GpData& data, std::span<const double> parameters,
               std::span<double> gradient) {
  return Evaluation(embedding, data, parameters).run(gradient);
}

}  // namespace nas

#include "controllers/gp_posterior.hpp"

#include <Eigen/Cholesky>
#include <algorithm>
#include <cmath>

#include "controllers/gp_matrix.hpp"
#include "controllers/output_warp.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

/// Variances below it are rounding errors.
constexpr double kLeastVariance = 1e-14;

Eigen::Map<const Vector> map_column(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

Eigen::Map<const Eigen::RowVectorXd> map_row(const std::vector<double>& values) {
  return {values.data(), static_cast<Eigen::Index>(values.size())};
}

}  // namespace

struct GpPosterior::Body {
  const GpEmbedding* embedding;
  std::vector<double> parameters;
  std::vector<Features> points;
  Matrix targets;  // a column a future
  Eigen::RowVectorXd scales;
  Matrix scaled;  // embedded points, times scales
  Eigen::LLT<Matrix> factor;
  Matrix solved;

  GpLayout layout() const { return {embedding->choices()}; }
  double scale() const { return std::exp(parameters[layout().log_scale()]); }
  double noise() const { return std::exp(parameters[layout().log_noise()]); }
  std::span<const double> part(size_t first) const {
    return std::span(parameters).subspan(first, embedding->choices());
  }
  Matrix scaled_points(std::span<const Features> some) const {
    return embed_all(*embedding, some, part(layout().log_a()), part(layout().log_b())).at *
           scales.asDiagonal();
  }
  /// Between rows of scaled points; `slopes`, where given, are by their squared distances.
  Matrix covariance(const Matrix& a, const Matrix& b, Matrix* slopes = nullptr) const {
    Matrix kernel = squared_distances(a, b);
    Matrix by_squared = matern(kernel);
    if (slopes != nullptr) *slopes = scale() * by_squared;
    return (scale() * kernel).array() + kMeanVariance;
  }
  double variance() const { return scale() + kMeanVariance; }

  void condition() {
    scales = column_scales(*embedding, part(layout().log_weights()));
    scaled = scaled_points(points);
    Matrix kernel = covariance(scaled, scaled);
    kernel.diagonal().array() += noise();
    factor.compute(kernel);
    // Near-singular where parameters of other data are used: a little more noise always helps.
    for (double more = 1e-8; factor.info() != Eigen::Success; more *= 10) {
      if (more > 1) throw RunError("a Gaussian process cannot be fitted to these results");
      kernel.diagonal().array() += more;
      factor.compute(kernel);
    }
    solved = factor.solve(targets);
  }

  Belief belief(const Matrix& towards, const Matrix& halves, Eigen::Index j) const {
    const double left = variance() - halves.col(j).squaredNorm();
    const Vector means = solved.transpose() * towards.col(j);
    return {{means.data(), means.data() + means.size()}, std::sqrt(std::max(left, kLeastVariance))};
  }
};

GpPosterior::GpPosterior(const GpEmbedding& embedding, const GpData& data,
                         std::vector<double> parameters) {
  auto body = std::make_shared<Body>();
  body->embedding = &embedding;
  body->parameters = std::move(parameters);
  body->points = data.points;
  const GpLayout layout = body->layout();
  const auto output = warp_output(data.values, body->parameters[layout.power()],
                                  body->parameters[layout.log_offset()]);
  body->targets = map_column(output.values);
  body->condition();
  body_ = std::move(body);
}

GpPosterior GpPosterior::fantasized(std::span<const Features> pending, const Futures& futures,
                                    RandomStream& random) const {
  if (pending.empty()) return *this;
  const auto rows = static_cast<Eigen::Index>(pending.size());
  const Matrix places = body_->scaled_points(pending);
  const Matrix towards = body_->covariance(body_->scaled, places);
  const Matrix halves = body_->factor.matrixL().solve(towards);
  Matrix left = body_->covariance(places, places) - halves.transpose() * halves;
  left.diagonal().array() += body_->noise() + kLeastVariance;
  const Eigen::LLT<Matrix> factor(left);
  Matrix normal(rows, futures.count);
  for (double& one : normal.reshaped()) one = futures.spread * random.normal();
  const Matrix means = towards.transpose() * body_->solved.col(0);
  const Matrix root = factor.matrixL();

  auto body = std::make_shared<Body>(*body_);
  body->points.insert(body->points.end(), pending.begin(), pending.end());
  const auto old = body_->targets.rows();
  body->targets.resize(old + rows, futures.count);
  body->targets.topRows(old) = body_->targets.col(0).replicate(1, futures.count);
  body->targets.bottomRows(rows) = means.replicate(1, futures.count) + root * normal;
  body->condition();
  return GpPosterior(std::move(body));
}

std::vector<std::vector<double>> GpPosterior::observed_means() const {
  // K (K + noise)^-1 y is y less the noise's share.
  const Matrix means = body_->targets - body_->noise() * body_->solved;
  std::vector<std::vector<double>> result;
  for (const auto& column : means.colwise()) result.emplace_back(column.begin(), column.end());
  return result;
}

std::vector<Belief> GpPosterior::predict(std::span<const Features> points) const {
  const Matrix towards = body_->covariance(body_->scaled, body_->scaled_points(points));
  const Matrix halves = body_->factor.matrixL().solve(towards);
  std::vector<Belief> beliefs;
  beliefs.reserve(points.size());
  for (Eigen::Index j = 0; j < towards.cols(); ++j) {
    beliefs.push_back(body_->belief(towards, halves, j));
  }
  return beliefs;
}

GpQuery GpPosterior::query(const Features& point) const {
  const GpLayout layout = body_->layout();
  GpQuery query;
  query.place =
      body_->embedding->embed(point, body_->part(layout.log_a()), body_->part(layout.log_b()));
  const Matrix row = map_row(query.place.at).cwiseProduct(body_->scales);
  Matrix by_squared;
  const Matrix towards = body_->covariance(body_->scaled, row, &by_squared);
  const Matrix half = body_->factor.matrixL().solve(towards);
  query.belief = body_->belief(towards, half, 0);
  query.by_squared.assign(by_squared.data(), by_squared.data() + by_squared.size());
  query.half.assign(half.data(), half.data() + half.size());
  return query;
}

std::vector<double> GpPosterior::gradient(const GpQuery& query, const Belief& slopes) const {
  // Of the function by each covariance: through the means, and through the variance, whose slope
  // is -2 K^-1 k.
  Vector by_covariance = body_->solved * map_column(slopes.means);
  if (query.belief.deviation * query.belief.deviation > kLeastVariance) {
    const Vector back = body_->factor.matrixU().solve(map_column(query.half));
    by_covariance -= slopes.deviation / query.belief.deviation * back;
  }
  // A squared distance is the sum of (u - u_i)² over scaled columns.
  const Vector pulls = by_covariance.cwiseProduct(map_column(query.by_squared));
  const Eigen::RowVectorXd row = map_row(query.place.at).cwiseProduct(body_->scales);
  const Eigen::RowVectorXd by_place =
      2 * (pulls.sum() * row - pulls.transpose() * body_->scaled).cwiseProduct(body_->scales);
  std::vector<double> result(body_->embedding->choices());
  size_t column = 0;
  for (const size_t owner : body_->embedding->owners()) {
    result[owner] += by_place(static_cast<Eigen::Index>(column)) * query.place.by_feature[column];
    ++column;
  }
  return result;
}

}  // namespace nas

#include "controllers/cma_distribution.hpp"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>

#include "nas/core/json.hpp"

namespace nas {
namespace {

using Vector = Eigen::VectorXd;
using Matrix = Eigen::MatrixXd;

constexpr double kLeastDeviation = 1e-9;
constexpr double kLargestDeviation = 0.5;
constexpr double kLargestCondition = 1e14;

auto view(std::vector<double>& values) {
  return Eigen::Map<Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}
auto view(const std::vector<double>& values) {
  return Eigen::Map<const Vector>(values.data(), static_cast<Eigen::Index>(values.size()));
}
/// Square matrices; a symmetric one reads the same by rows and by columns.
auto square_view(std::vector<double>& values, size_t size) {
  const auto n = static_cast<Eigen::Index>(size);
  return Eigen::Map<Matrix>(values.data(), n, n);
}
auto square_view(const std::vector<double>& values, size_t size) {
  const auto n = static_cast<Eigen::Index>(size);
  return Eigen::Map<const Matrix>(values.data(), n, n);
}

/// Positive ones with sum 1 for the better half, negative ones with the sum that keeps the
/// covariance positive definite (Hansen 2016, equations 49 to 53).
std::vector<double> weights_of(double axes, int64_t population, double rank_one, double rank_mu,
                               double effective, double effective_negative) {
  std::vector<double> weights;
  double positive = 0;
  double negative = 0;
  for (int64_t i = 1; i <= population; ++i) {
    const double raw =
        std::log((static_cast<double>(population) + 1) / 2) - std::log(static_cast<double>(i));
    (raw > 0 ? positive : negative) += std::abs(raw);
    weights.push_back(raw);
  }
  const double most =
      std::min({1 + rank_one / rank_mu, 1 + 2 * effective_negative / (effective + 2),
                (1 - rank_one - rank_mu) / (axes * rank_mu)});
  for (double& weight : weights) weight *= weight > 0 ? 1 / positive : most / negative;
  return weights;
}

}  // namespace

CmaDistribution::Constants CmaDistribution::constants_of(size_t axes, int64_t population) {
  const auto n = static_cast<double>(std::max<size_t>(axes, 1));
  double sums[2] = {0, 0};  // of the raw weights of the better and the worse half
  double squares[2] = {0, 0};
  for (int64_t i = 1; i <= population; ++i) {
    const double raw =
        std::log((static_cast<double>(population) + 1) / 2) - std::log(static_cast<double>(i));
    sums[raw > 0 ? 0 : 1] += raw;
    squares[raw > 0 ? 0 : 1] += raw * raw;
  }
  Constants c;
  c.effective = sums[0] * sums[0] / squares[0];
  c.step_path = (c.effective + 2) / (n + c.effective + 5);
  c.step_damping = 1 + 2 * std::max(0.0, std::sqrt((c.effective - 1) / (n + 1)) - 1) + c.step_path;
  c.path = (4 + c.effective / n) / (n + 4 + 2 * c.effective / n);
  c.rank_one = 2 / ((n + 1.3) * (n + 1.3) + c.effective);
  c.rank_mu = std::min(1 - c.rank_one, 2 * (0.25 + c.effective + 1 / c.effective - 2) /
                                           ((n + 2) * (n + 2) + c.effective));
  c.expected_length = std::sqrt(n) * (1 - 1 / (4 * n) + 1 / (21 * n * n));
  c.weights =
      weights_of(n, population, c.rank_one, c.rank_mu, c.effective, sums[1] * sums[1] / squares[1]);
  return c;
}

CmaDistribution::CmaDistribution(std::vector<double> mean, double step, int64_t population)
    : population_(population),
      constants_(constants_of(mean.size(), population)),
      mean_(std::move(mean)),
      step_(step),
      scales_(size(), 1.0),
      covariance_(size() * size()),
      step_path_(size()),
      path_(size()) {
  for (size_t i = 0; i < size(); ++i) covariance_[i * size() + i] = 1;
  decompose();
}

double CmaDistribution::deviation(size_t axis) const {
  return step_ * scales_[axis] * std::sqrt(covariance_[axis * size() + axis]);
}

void CmaDistribution::set_marginal(size_t axis, double mean, double deviation) {
  mean_[axis] = mean;
  scales_[axis] = deviation / (step_ * std::sqrt(covariance_[axis * size() + axis]));
}

std::vector<double> CmaDistribution::draw(RandomStream& random) const {
  Vector normal(static_cast<Eigen::Index>(size()));
  for (double& x : normal) x = random.normal();
  std::vector<double> point = mean_;
  view(point) += step_ * view(scales_).cwiseProduct(square_view(vectors_, size()) *
                                                    view(lengths_).cwiseProduct(normal));
  return point;
}

void CmaDistribution::update(std::span<const std::vector<double>> ranked) {
  const auto& c = constants_;
  const auto n = static_cast<double>(size());
  const auto basis = square_view(vectors_, size());
  // C^(-1/2) of a vector.
  const auto whitened = [&](const Vector& v) -> Vector {
    return basis * (basis.transpose() * v).cwiseQuotient(view(lengths_));
  };
  std::vector<Vector> steps;
  Vector mean_step = Vector::Zero(static_cast<Eigen::Index>(size()));
  for (size_t i = 0; i < ranked.size(); ++i) {
    steps.push_back((view(ranked[i]) - view(mean_)).cwiseQuotient(view(scales_)) / step_);
    if (c.weights[i] > 0) mean_step += c.weights[i] * steps[i];
  }
  view(mean_) += step_ * view(scales_).cwiseProduct(mean_step);

  view(step_path_) = (1 - c.step_path) * view(step_path_) +
                     std::sqrt(c.step_path * (2 - c.step_path) * c.effective) * whitened(mean_step);
  const double length = view(step_path_).norm();
  ++updates_;
  const double settled = 1 - std::pow(1 - c.step_path, 2 * static_cast<double>(updates_));
  const bool short_path = length / std::sqrt(settled) < (1.4 + 2 / (n + 1)) * c.expected_length;
  view(path_) *= 1 - c.path;
  if (short_path) view(path_) += std::sqrt(c.path * (2 - c.path) * c.effective) * mean_step;

  auto covariance = square_view(covariance_, size());
  double kept = 1 - c.rank_one + (short_path ? 0 : c.rank_one * c.path * (2 - c.path));
  for (const double weight : c.weights) kept -= c.rank_mu * weight;
  covariance *= kept;
  covariance += c.rank_one * view(path_) * view(path_).transpose();
  for (size_t i = 0; i < steps.size(); ++i) {
    double weight = c.weights[i];
    if (weight < 0) weight *= n / std::max(whitened(steps[i]).squaredNorm(), 1e-300);
    covariance += c.rank_mu * weight * steps[i] * steps[i].transpose();
  }
  step_ *= std::exp(std::min(1.0, c.step_path / c.step_damping * (length / c.expected_length - 1)));
  decompose();
  // Wider than the space it would only go around.
  for (size_t i = 0; i < size(); ++i) {
    if (deviation(i) > kLargestDeviation) step_ *= kLargestDeviation / deviation(i);
  }
}

void CmaDistribution::decompose() {
  if (size() == 0) return;
  auto covariance = square_view(covariance_, size());
  covariance = ((covariance + covariance.transpose()) / 2).eval();
  const Eigen::SelfAdjointEigenSolver<Matrix> solver(covariance);
  const Vector roots = solver.eigenvalues().cwiseMax(1e-300).cwiseSqrt();
  vectors_.assign(solver.eigenvectors().data(),
                  solver.eigenvectors().data() + solver.eigenvectors().size());
  lengths_.assign(roots.data(), roots.data() + roots.size());
}

bool CmaDistribution::degenerate() const {
  if (size() == 0) return false;
  double widest = 0;
  for (size_t i = 0; i < size(); ++i) widest = std::max(widest, deviation(i));
  const double ratio = view(lengths_).maxCoeff() / view(lengths_).minCoeff();
  return !(widest > kLeastDeviation) || !(ratio * ratio < kLargestCondition);
}

Json CmaDistribution::save() const {
  return {
      {"mean", mean_},           {"step", step_}, {"scales", scales_},  {"covariance", covariance_},
      {"step_path", step_path_}, {"path", path_}, {"updates", updates_}};
}

void CmaDistribution::load(const Json& json) {
  json.at("mean").get_to(mean_);
  json.at("step").get_to(step_);
  json.at("scales").get_to(scales_);
  json.at("covariance").get_to(covariance_);
  json.at("step_path").get_to(step_path_);
  json.at("path").get_to(path_);
  json.at("updates").get_to(updates_);
  decompose();
}

}  // namespace nas

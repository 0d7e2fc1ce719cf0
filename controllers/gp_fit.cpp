#include "controllers/gp_fit.hpp"

#include <limits>

namespace nas {

std::vector<double> fit_gp(const GpEmbedding& embedding, const GpPriors& priors, const GpData& data,
                           std::span<const std::vector<double>> starts,
                           const GpFitSettings& settings) {
  const Differentiable loss = [&](std::span<const double> x, std::span<double> gradient) {
    const double fit = gp_loss(embedding, data, x, gradient);
    return fit + priors.penalty(x, gradient);
  };
  Minimum best{{}, std::numeric_limits<double>::infinity()};
  for (const auto& start : starts) {
    Minimum found = minimize(loss, start, priors.box(), {settings.iterations, 10, 1e-2, 1e-6});
    if (best.x.empty() || found.value < best.value) best = std::move(found);
  }
  return best.x;
}

}  // namespace nas

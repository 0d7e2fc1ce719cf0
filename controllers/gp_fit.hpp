#pragma once

#include <cstdint>
#include <vector>

#include "controllers/gp_likelihood.hpp"

namespace nas {

struct GpFitSettings {
  /// Steps of L-BFGS from each start.
  int64_t iterations = 40;
};

/// Parameters with the largest posterior density that L-BFGS finds from any of `starts`.
std::vector<double> fit_gp(const GpEmbedding& embedding, const GpPriors& priors, const GpData& data,
                           std::span<const std::vector<double>> starts,
                           const GpFitSettings& settings);

}  // namespace nas

#pragma once

#include <vector>

#include "controllers/gp_fit.hpp"
#include "controllers/gp_posterior.hpp"
#include "nas/core/json_fwd.hpp"

namespace nas {

/// A process whose parameters follow the data: fitted again with each new observation up to 100,
/// from then on whenever there are a twentieth more; from the last parameters and, each time that
/// their number has doubled, also from the priors' start. More than 200 are thinned for a fit, not
/// for the posterior. What it holds follows from the data that it was shown.
class GpModel {
 public:
  GpModel(const GpEmbedding& embedding, const GpFreedom& freedom)
      : embedding_(&embedding), priors_(embedding, freedom) {}

  /// The process given `data`; `observed` counts what `data` was selected from.
  GpPosterior posterior(const GpData& data, size_t observed);

  Json save() const;
  void load(const Json& json);

 private:
  void fit(const GpData& data, size_t observed);

  const GpEmbedding* embedding_;
  GpPriors priors_;
  std::vector<double> parameters_;
  size_t fitted_ = 0;  // observations at the last fit
  size_t fresh_ = 0;   // and at the last one from the priors' start
};

}  // namespace nas

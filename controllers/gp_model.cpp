#include "controllers/gp_model.hpp"

#include <algorithm>
#include <numeric>

#include "controllers/gp_trials.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

/// Up to so many observations each one changes what is likely.
constexpr size_t kFew = 100;

/// Parameters need no more of them, and a fit costs their number cubed.
constexpr size_t kMostFitted = 200;

GpData thinned(const GpData& data) {
  std::vector<size_t> ranking(data.values.size());
  std::iota(ranking.begin(), ranking.end(), size_t{0});
  std::stable_sort(ranking.begin(), ranking.end(),
                   [&](size_t a, size_t b) { return data.values[a] < data.values[b]; });
  GpData some;
  for (const size_t i : best_and_spread(std::move(ranking), kMostFitted)) {
    some.points.push_back(data.points[i]);
    some.values.push_back(data.values[i]);
  }
  return some;
}

}  // namespace

GpPosterior GpModel::posterior(const GpData& data, size_t observed) {
  const size_t due = fitted_ < kFew ? fitted_ + 1 : fitted_ + fitted_ / 20;
  if (observed >= due || parameters_.empty()) fit(data, observed);
  return {*embedding_, data, parameters_};
}

void GpModel::fit(const GpData& data, size_t observed) {
  std::vector<std::vector<double>> starts;
  GpFitSettings settings{15};
  if (!parameters_.empty()) starts.push_back(parameters_);
  if (observed >= 2 * fresh_) {
    starts.push_back(priors_.start());
    settings.iterations = 50;
    fresh_ = observed;
  }
  parameters_ = fit_gp(*embedding_, priors_, thinned(data), starts, settings);
  fitted_ = observed;
}

Json GpModel::save() const {
  return {{"parameters", parameters_}, {"fitted", fitted_}, {"fresh", fresh_}};
}

void GpModel::load(const Json& json) {
  parameters_ = json.at("parameters").get<std::vector<double>>();
  fitted_ = json.at("fitted").get<size_t>();
  fresh_ = json.at("fresh").get<size_t>();
}

}  // namespace nas

#include "controllers/tpe_sampler.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <limits>
#include <numeric>

#include "nas/config/section.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Of the observations that are not good at most so many, evenly spread over the trials, make
/// their density: more change it little, and cost time.
constexpr size_t kMostBad = 512;
/// Uniform draws before a point that was tried before is proposed again.
constexpr int kFreshDraws = 64;
/// Bandwidths of kernels around good and other observations: times Scott's rule, and, as `n` get
/// more, at least floor / (n + 1)^narrowing of an axis (after the magic clip of Bergstra et al.).
/// Narrow kernels around the others leave room beside them. Found on the functions of
/// `nas bench hpo`, with seeds that published figures do not use; within a factor of 1.5 of each
/// the mean regret is the same.
constexpr double kGoodBandwidth = 0.5;
constexpr double kGoodFloor = 0.6;
constexpr double kGoodNarrowing = 1.15;
constexpr double kBadBandwidth = 0.3;
constexpr double kBadFloor = 0.5;
/// What trials under way count among the others. They are where the search is most promising: as
/// full observations (the constant liar of Ginsbourger et al. 2010) they would drive it away.
constexpr double kPendingWeight = 0.03;
/// Points that are proposed in the same sight are a litter, of which only the best leads on:
/// selection has to be stronger, and kernels, which get narrower with the number of good ones, must
/// not be as narrow as if each had been seen before the next was drawn. With p trials under way the
/// good part is divided by (1 + p)^kLitterPower, and the kernels' width by the square root of that.
constexpr double kLitterPower = 1.0 / 3;
/// Trials under way stand in for observations of the design, but for so many.
constexpr size_t kFewestObserved = 3;
constexpr double kLeastBandwidth = 0.005;

using Row = std::vector<double>;

/// How many times fewer observations are good.
double litter_of(size_t pending) {
  return std::pow(1.0 + static_cast<double>(pending), kLitterPower);
}

/// Of kernels around `count` good observations; `width` is 1 where every result is known.
ParzenMixture::Settings good_kernels(size_t count, double width, double prior_weight) {
  const double floor = kGoodFloor / std::pow(static_cast<double>(count) + 1, kGoodNarrowing);
  return {width * kGoodBandwidth, std::max(kLeastBandwidth, width * floor), prior_weight};
}

ParzenMixture::Settings bad_kernels(size_t count, double prior_weight) {
  const double floor = kBadFloor / (static_cast<double>(count) + 1);
  return {kBadBandwidth, std::max(kLeastBandwidth, floor), prior_weight};
}

/// Draws from the good density, the most promising first.
std::vector<Row> ranked_draws(const ParzenMixture& good, const ParzenMixture& bad, int64_t count,
                              RandomStream& random) {
  std::vector<std::pair<double, Row>> drawn;
  for (int64_t i = 0; i < count; ++i) {
    Row row = good.draw(random);
    const double promise = good.log_density(row) - bad.log_density(row);
    drawn.emplace_back(promise, std::move(row));
  }
  std::stable_sort(drawn.begin(), drawn.end(),
                   [](const auto& a, const auto& b) { return a.first > b.first; });
  std::vector<Row> rows;
  rows.reserve(drawn.size());
  for (auto& [promise, row] : drawn) rows.push_back(std::move(row));
  return rows;
}

/// The coordinates of one choice out of `rows`, and the weights of those that have it.
std::pair<Row, Row> column(std::span<const double> rows, std::span<const double> weights,
                           size_t stride, size_t choice) {
  std::pair<Row, Row> found;
  for (size_t k = 0; k * stride < rows.size(); ++k) {
    const double x = rows[k * stride + choice];
    if (std::isnan(x)) continue;
    found.first.push_back(x);
    found.second.push_back(weights[k]);
  }
  return found;
}

}  // namespace

void describe(Section& section, TpeOptions& options) {
  section.integer("startup_trials", options.startup_trials, {1, 1'000'000, "trials"},
                  "even points before the first estimate");
  section.integer("candidates", options.candidates, {1, 100'000, ""},
                  "points drawn from the density of good ones, of which one is proposed");
  section.real("gamma", options.gamma, {0.001, 0.999, ""}, "part of the trials that is good");
  section.integer("most_good", options.most_good, {1, 100'000, "trials"},
                  "however many there are, no more are good");
  section.real("prior_weight", options.prior_weight, {0.001, 1000, ""},
               "of the uniform density, in observations");
  section.boolean("multivariate", options.multivariate,
                  "one density over all choices together, not one of each");
}

TpeSampler::TpeSampler(const TpeOptions& options, const Choices& choices, uint64_t seed,
                       std::string purpose)
    : options_(options),
      choices_(&choices),
      cube_(choices),
      seed_(seed),
      purpose_(std::move(purpose)),
      startup_(choices, seed, purpose_ + ".startup") {}

void TpeSampler::add(const Point& point, Utilities utilities, Budget budget) {
  Observations& observations = by_budget_[budget];
  const auto row = cube_.encode(point);
  observations.rows.insert(observations.rows.end(), row.begin(), row.end());
  observations.utilities.push_back(std::move(utilities));
  known_.insert(point);
  const size_t index = observations.utilities.size() - 1;
  const auto& all = observations.utilities;
  auto& order = observations.order;
  const auto place = std::upper_bound(order.begin(), order.end(), index,
                                      [&](size_t a, size_t b) { return all[a][0] > all[b][0]; });
  order.insert(place, index);
}

void TpeSampler::add_failed(const Point& point, Budget budget) {
  Row& failed = by_budget_[budget].failed;
  const Row row = cube_.encode(point);
  failed.insert(failed.end(), row.begin(), row.end());
  known_.insert(point);
}

const TpeSampler::Observations* TpeSampler::model_data(size_t pending) const {
  const auto wanted = static_cast<size_t>(options_.startup_trials);
  for (auto at = by_budget_.rbegin(); at != by_budget_.rend(); ++at) {
    const Observations& observations = at->second;
    const size_t count = observations.count(cube_.size());
    if (observations.utilities.empty()) continue;
    // New points begin with the least budget.
    const bool begun = std::next(at) == by_budget_.rend() && count + pending >= wanted &&
                       count >= std::min(kFewestObserved, wanted);
    if (begun || count >= wanted) return &observations;
  }
  return nullptr;
}

TpeSampler::Sides TpeSampler::sides(const Observations& observations,
                                    std::span<const Point> pending) const {
  const auto& all = observations.utilities;
  const double litter = litter_of(pending.size());
  const auto share = static_cast<int64_t>(
      std::ceil(options_.gamma / litter * static_cast<double>(observations.count(cube_.size()))));
  const auto count = std::min(static_cast<size_t>(std::min(share, options_.most_good)), all.size());
  const GoodObservations good = all[0].size() == 1 ? best_by_utility(all, observations.order, count)
                                                   : best_by_fronts(all, count);
  const size_t width = cube_.size();
  const auto append = [width](Row& rows, const Row& from, size_t index) {
    const auto begin = from.begin() + static_cast<std::ptrdiff_t>(index * width);
    rows.insert(rows.end(), begin, begin + static_cast<std::ptrdiff_t>(width));
  };
  Sides sides{{}, good.weights, 1 / std::sqrt(litter), {}, {}};
  std::vector<char> is_good(all.size());
  for (const size_t i : good.indices) {
    is_good[i] = 1;
    append(sides.good, observations.rows, i);
  }
  const size_t failed = observations.failed.size() / width;
  const size_t others = all.size() - good.indices.size() + failed;
  const size_t step = others / kMostBad + 1;
  size_t passed = 0;
  for (size_t i = 0; i < all.size(); ++i) {
    if (is_good[i] == 0 && passed++ % step == 0) append(sides.bad, observations.rows, i);
  }
  for (size_t i = 0; i < failed; ++i) {
    if (passed++ % step == 0) append(sides.bad, observations.failed, i);
  }
  sides.bad_weights.assign(sides.bad.size() / width, 1.0);
  for (const Point& point : pending) append(sides.bad, cube_.encode(point), 0);
  sides.bad_weights.resize(sides.bad.size() / width, kPendingWeight);
  return sides;
}

std::vector<Point> TpeSampler::candidates(const Sides& sides, RandomStream& random) const {
  const double prior = options_.prior_weight;
  const ParzenMixture good(cube_, sides.good, sides.weights,
                           good_kernels(sides.weights.size(), sides.width, prior));
  const ParzenMixture bad(cube_, sides.bad, sides.bad_weights,
                          bad_kernels(sides.bad_weights.size(), prior));
  std::vector<Point> points;
  for (const Row& row : ranked_draws(good, bad, options_.candidates, random)) {
    points.push_back(cube_.decode(row));
  }
  return points;
}

/// Choice by choice, as if each were alone among those that are active.
Point TpeSampler::independent_candidate(const Sides& sides, RandomStream& random) const {
  const size_t width = cube_.size();
  Row row(width, std::numeric_limits<double>::quiet_NaN());
  for (size_t i = 0; i < width; ++i) {
    if (!cube_.active(i, row)) continue;
    const Choices alone{{(*choices_)[i].name, (*choices_)[i].domain, std::nullopt}};
    const UnitCube axis(alone);
    const auto [good, weights] = column(sides.good, sides.weights, width, i);
    const auto [bad, bad_weights] = column(sides.bad, sides.bad_weights, width, i);
    const ParzenMixture likely(axis, good, weights,
                               good_kernels(weights.size(), sides.width, options_.prior_weight));
    const ParzenMixture others(axis, bad, bad_weights,
                               bad_kernels(bad_weights.size(), options_.prior_weight));
    row[i] = ranked_draws(likely, others, options_.candidates, random)[0][0];
  }
  return cube_.decode(row);
}

Point TpeSampler::propose(int64_t number, std::span<const Point> pending) const {
  RandomStream random(seed_, purpose_, static_cast<uint64_t>(number));
  const auto tried = [&](const Point& point) {
    return known_.contains(point) || broken_relation(*choices_, point) ||
           std::find(pending.begin(), pending.end(), point) != pending.end();
  };
  const Observations* observations = model_data(pending.size());
  std::vector<Point> points;
  if (observations == nullptr) {
    points.push_back(startup_.point(number));
  } else if (options_.multivariate) {
    points = candidates(sides(*observations, pending), random);
  } else {
    points.push_back(independent_candidate(sides(*observations, pending), random));
  }
  for (const Point& point : points) {
    if (!tried(point)) return point;
  }
  for (int i = 0; i < kFreshDraws; ++i) {
    Point point = sample(*choices_, random);
    if (!tried(point)) return point;
  }
  return points.front();
}

}  // namespace nas

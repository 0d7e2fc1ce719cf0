#include "controllers/bananas.hpp"

#include <algorithm>
#include <limits>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/observations.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Observations that predictors are fitted to; the best ones where there are more.
constexpr size_t kMostObservations = 400;

/// Of a candidate; each number of mutations up to it makes as many.
constexpr int64_t kMostMutations = 3;

class Bananas : public Controller {
 public:
  Bananas(const BananasOptions& options, const SearchContext& context)
      : options_(options), context_(context), proposed_(context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    const auto index = static_cast<uint64_t>(number);
    RandomStream random(context_.seed, "bananas.candidates", index);
    auto point = number < options_.startup_trials ? proposed_.first_fresh(screened_)
                                                  : most_promising(index, random);
    if (!point) point = proposed_.fresh(random);
    if (!point) return std::nullopt;
    proposed_.add(*point);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override {
    if (!trial.point) return;
    insert({*trial.point, finite_utility(context_.objectives.front(), trial)});
  }

  void warm_start(std::span<const Point> best_first) override;
  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  void insert(Observation observation);
  std::vector<Point> candidates(RandomStream& random) const;
  RidgeEnsemble fitted(RandomStream random) const;
  std::optional<Point> most_promising(uint64_t number, RandomStream& random) const;

  BananasOptions options_;
  SearchContext context_;
  ProposedPoints proposed_;
  std::vector<Point> screened_;         // best first
  std::optional<RidgeEnsemble> prior_;  // follows from screened_
  Observations observations_;           // best first, then oldest first
};

void Bananas::warm_start(std::span<const Point> best_first) {
  screened_.assign(best_first.begin(), best_first.end());
  if (screened_.empty()) return;
  std::vector<double> targets;
  const auto size = static_cast<double>(screened_.size());
  for (size_t i = 0; i < screened_.size(); ++i) {
    targets.push_back(normal_score(1 - (static_cast<double>(i) + 0.5) / size));
  }
  prior_.emplace(context_.space.choices(), options_.predictor);
  RandomStream random(context_.seed, "bananas.prior");
  prior_->fit(screened_, targets, random);
}

void Bananas::insert(Observation observation) {
  const auto place = std::upper_bound(
      observations_.begin(), observations_.end(), observation,
      [](const Observation& a, const Observation& b) { return worth(a) > worth(b); });
  observations_.insert(place, std::move(observation));
}

std::vector<Point> Bananas::candidates(RandomStream& random) const {
  const Choices& choices = context_.space.choices();
  std::vector<Point> found;
  const auto parents = std::min(options_.parents, static_cast<int64_t>(observations_.size()));
  for (int64_t i = 0; i < options_.candidates; ++i) {
    const auto parent = static_cast<size_t>(random.below(parents));
    Point point = mutate(choices, observations_[parent].point, random);
    const int64_t more = i % kMostMutations;
    for (int64_t k = 0; k < more; ++k) point = mutate(choices, point, random);
    if (!proposed_.contains(point)) found.push_back(std::move(point));
  }
  std::sort(found.begin(), found.end());
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

RidgeEnsemble Bananas::fitted(RandomStream random) const {
  std::vector<Observation> best = observations_;
  best.resize(std::min(best.size(), kMostObservations));
  std::vector<Point> points;
  points.reserve(best.size());
  for (const Observation& one : best) points.push_back(one.point);
  RidgeEnsemble ensemble(context_.space.choices(), options_.predictor, prior_ ? &*prior_ : nullptr);
  ensemble.fit(points, scores(best), random);
  return ensemble;
}

/// The candidate with the largest utility, each drawn from what the ensemble believes of it.
std::optional<Point> Bananas::most_promising(uint64_t number, RandomStream& random) const {
  if (observations_.empty()) return std::nullopt;
  const auto points = candidates(random);
  if (points.empty()) return std::nullopt;
  const auto ensemble = fitted(RandomStream(context_.seed, "bananas.bootstrap", number));
  size_t best = 0;
  double best_drawn = 0;
  for (size_t i = 0; i < points.size(); ++i) {
    const Prediction prediction = ensemble.predict(points[i]);
    const double drawn =
        prediction.mean + options_.exploration * prediction.deviation * random.normal();
    if (i > 0 && drawn <= best_drawn) continue;
    best = i;
    best_drawn = drawn;
  }
  return points[best];
}

std::string Bananas::save() const {
  return Json{{"proposed", proposed_.save()}, {"observations", to_json(observations_)}}.dump();
}

void Bananas::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  proposed_.load(json.at("proposed"));
  observations_ = observations_from_json(context_.space.choices(), json.at("observations"));
}

}  // namespace

void describe(Section& section, BananasOptions& options) {
  section.integer("startup_trials", options.startup_trials, {1, 1'000'000, ""},
                  "random points before the first prediction");
  section.integer("candidates", options.candidates, {1, 1'000'000, ""},
                  "mutated points that a proposal is picked from");
  section.integer("parents", options.parents, {1, 1'000'000, ""}, "best points that are mutated");
  section.real("exploration", options.exploration, {0, 1e3, ""},
               "weight of the spread between predictors; 0: the best mean is taken");
  section.integer("members", options.predictor.members, {1, 1000, ""},
                  "predictors, each fitted to a bootstrap");
  section.real("penalty", options.predictor.penalty, {1e-6, 1e6, ""}, "of the ridge regressions");
  section.real("interaction", options.predictor.interaction, {0, 1e3, ""},
               "weight of products of features against single ones");
}

std::unique_ptr<Controller> make_bananas(const BananasOptions& options,
                                         const SearchContext& context) {
  return std::make_unique<Bananas>(options, context);
}

}  // namespace nas

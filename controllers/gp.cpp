#include "controllers/gp.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <vector>

#include "controllers/gp_model.hpp"
#include "controllers/gp_search.hpp"
#include "controllers/gp_trials.hpp"
#include "controllers/sobol_sequence.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"

namespace nas {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();

/// Best points whose surroundings are searched.
constexpr size_t kParents = 5;

/// Of each kind of trial that the chance of success is learned from.
constexpr size_t kSuccesses = 100;

/// Where the best that succeeds lies beside what fails, nearly all that is expected to improve on
/// it fails. The more trials failed, the more a likely success counts: its probability to a power
/// that is the exponential of so many times their share.
constexpr double kCaution = 6;

/// Of the outcomes that are imagined for trials under way, in what is believed of them. Where they
/// may turn out as badly as that, much of what is expected of a new trial is in the futures where
/// they did, and it is spent on making up for them: with 8 workers, regrets are less by a third to
/// a half at half the spread, and the same without any.
constexpr double kSpread = 0.5;

/// Labels of success and failure have no units to warp, and are never exact.
constexpr GpFreedom kOfSuccess{true, false, false};

int64_t startup_of(const GpOptions& options, const Choices& choices) {
  if (options.startup_trials > 0) return options.startup_trials;
  return std::min<int64_t>(10, 1 + static_cast<int64_t>(choices.size()));
}

class Gp : public Controller {
 public:
  Gp(const GpOptions& options, const SearchContext& context)
      : options_(options),
        context_(context),
        choices_(context.space.choices()),
        startup_(startup_of(options, choices_)),
        cube_(choices_),
        embedding_(choices_),
        design_(cube_.size(), context.seed, "gp.design"),
        trials_(choices_, context_.objectives, cube_),
        successes_(embedding_, kOfSuccess) {
    const GpFreedom freedom{!options.deterministic, options.input_warp, options.output_warp};
    models_.assign(context.objectives.size() == 2 ? 2 : 1, GpModel(embedding_, freedom));
  }

  std::optional<Proposal> ask(int64_t number) override;
  void tell(const Trial& trial) override { trials_.told(trial); }
  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }
  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  std::optional<Point> designed(int64_t number, RandomStream& random) const;
  std::optional<Point> again(Point point) const;
  std::optional<Point> promising(int64_t number, RandomStream& random);
  Acquisition acquisition(int64_t number);
  GpData data_of(size_t model, int64_t number) const;
  std::vector<double> scalarised(int64_t number) const;
  std::vector<Features> parents() const;

  GpOptions options_;
  SearchContext context_;
  const Choices& choices_;
  int64_t startup_;
  UnitCube cube_;
  GpEmbedding embedding_;
  SobolSequence design_;
  std::vector<Point> first_;  // screened ones, best first
  GpTrials trials_;
  std::vector<GpModel> models_;
  GpModel successes_;
};

std::optional<Proposal> Gp::ask(int64_t number) {
  RandomStream random(context_.seed, "gp.search", static_cast<uint64_t>(number));
  // Results from before the search stand in for the design.
  const auto known = static_cast<int64_t>(trials_.scored());
  const bool ready = known > 0 && std::max(number, known) >= startup_;
  auto point = ready ? promising(number, random) : designed(number, random);
  if (!point) return std::nullopt;
  trials_.proposed(number, *point);
  return Proposal{Job::evaluate, std::move(point)};
}

/// Screened points first, then a design that fills the space.
std::optional<Point> Gp::designed(int64_t number, RandomStream& random) const {
  if (auto point = trials_.points().first_fresh(first_)) return point;
  Point point = cube_.decode_shares(design_.point(number));
  if (!trials_.points().contains(point)) return point;
  if (auto fresh = trials_.points().fresh(random)) return fresh;
  return broken_relation(choices_, point) ? std::nullopt : again(std::move(point));
}

/// Of a space whose points were all proposed: noise makes it worth while to try one again.
std::optional<Point> Gp::again(Point point) const {
  return options_.deterministic ? std::nullopt : std::optional(std::move(point));
}

std::optional<Point> Gp::promising(int64_t number, RandomStream& random) {
  const Acquisition merit = acquisition(number);
  const GpSearchSettings settings{options_.candidates, options_.starts};
  const auto search = [&](std::function<bool(const Point&)> excluded) {
    const GpSearchSpace space{choices_, cube_, std::move(excluded)};
    return most_worth_trying(merit, space, parents(), settings, random);
  };
  auto point = search([this](const Point& one) { return trials_.points().contains(one); });
  if (!point) point = trials_.points().fresh(random);
  if (point) return point;
  point = search([this](const Point& one) { return broken_relation(choices_, one).has_value(); });
  return point ? again(std::move(*point)) : std::nullopt;
}

Acquisition Gp::acquisition(int64_t number) {
  const auto index = static_cast<uint64_t>(number);
  const auto waiting = trials_.pending();
  std::vector<GpPosterior> posteriors;
  for (size_t i = 0; i < models_.size(); ++i) {
    RandomStream random(context_.seed, i == 0 ? "gp.futures" : "gp.futures.second", index);
    const auto posterior = models_[i].posterior(data_of(i, number), trials_.scored());
    posteriors.push_back(posterior.fantasized(waiting, {options_.futures, kSpread}, random));
  }
  auto merit = posteriors.size() == 1
                   ? improvement_merit(posteriors[0].observed_means())
                   : front_merit(posteriors[0].observed_means(), posteriors[1].observed_means());
  if (trials_.failed() > 0) {
    const GpData data = trials_.successes(kSuccesses);
    posteriors.push_back(successes_.posterior(data, trials_.scored() + trials_.failed()));
    // Where the labels' middle is once they are standardised.
    const double mean = std::accumulate(data.values.begin(), data.values.end(), 0.0) /
                        static_cast<double>(data.values.size());
    const auto failed = static_cast<double>(trials_.failed());
    const double share = failed / (failed + static_cast<double>(trials_.scored()));
    merit = feasible_merit(std::move(merit), -mean / std::sqrt(1 - mean * mean),
                           std::exp(kCaution * share));
  }
  return {std::move(posteriors), std::move(merit)};
}

GpData Gp::data_of(size_t model, int64_t number) const {
  const bool many = context_.objectives.size() > 2;
  const auto losses = many ? scalarised(number) : std::vector<double>{};
  GpData data;
  const auto most = static_cast<size_t>(options_.model_trials);
  for (const size_t i : best_and_spread(trials_.ranking(), most)) {
    data.points.push_back(trials_.features(i));
    data.values.push_back(many ? losses[i] : trials_.loss(i, model));
  }
  return data;
}

/// One loss out of three or more, weighed by chance anew for each trial: the largest weighted one
/// plus a little of all (Knowles 2006, "ParEGO").
std::vector<double> Gp::scalarised(int64_t number) const {
  RandomStream random(context_.seed, "gp.weights", static_cast<uint64_t>(number));
  std::vector<double> largest(trials_.scored(), -kInfinity);
  std::vector<double> sums(trials_.scored());
  for (size_t objective = 0; objective < context_.objectives.size(); ++objective) {
    const double weight = -std::log(1 - random.uniform());  // exponential: uniform in direction
    double low = kInfinity;
    double high = -kInfinity;
    for (size_t i = 0; i < trials_.scored(); ++i) {
      low = std::min(low, trials_.loss(i, objective));
      high = std::max(high, trials_.loss(i, objective));
    }
    for (size_t i = 0; i < trials_.scored(); ++i) {
      const double share = high > low ? (trials_.loss(i, objective) - low) / (high - low) : 0;
      largest[i] = std::max(largest[i], weight * share);
      sums[i] += weight * share;
    }
  }
  for (size_t i = 0; i < largest.size(); ++i) largest[i] += 0.05 * sums[i];
  return largest;
}

std::vector<Features> Gp::parents() const {
  std::vector<Features> best;
  auto order = trials_.ranking();
  order.resize(std::min(order.size(), kParents));
  best.reserve(order.size());
  for (const size_t i : order) best.push_back(trials_.features(i));
  return best;
}

std::string Gp::save() const {
  Json models = Json::array();
  for (const auto& model : models_) models.push_back(model.save());
  return Json{{"trials", trials_.save()}, {"models", models}, {"successes", successes_.save()}}
      .dump();
}

void Gp::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  trials_.load(json.at("trials"));
  for (size_t i = 0; i < models_.size(); ++i) models_[i].load(json.at("models").at(i));
  successes_.load(json.at("successes"));
}

}  // namespace

void describe(Section& section, GpOptions& options) {
  section.integer("startup_trials", options.startup_trials, {0, 1'000'000, ""},
                  "points of a Sobol' design before the first model; 0: one more than there are "
                  "choices, at most 10");
  section.boolean("deterministic", options.deterministic, "whether results are free of noise");
  section.boolean("input_warp", options.input_warp, "fit the scale of each number");
  section.boolean("output_warp", options.output_warp, "fit the scale of the results");
  section.integer("model_trials", options.model_trials, {10, 10'000, ""},
                  "trials that a model is made of; of more, the best half and a sample");
  section.integer("candidates", options.candidates, {1, 1'000'000, ""},
                  "random points, and changes of the best, that a proposal is climbed from");
  section.integer("starts", options.starts, {1, 1000, ""}, "candidates that are climbed from");
  section.integer("futures", options.futures, {1, 1000, ""},
                  "results that are imagined for trials that still run");
}

std::unique_ptr<Controller> make_gp(const GpOptions& options, const SearchContext& context) {
  return std::make_unique<Gp>(options, context);
}

}  // namespace nas

#include "controllers/cma_es.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <vector>

#include "controllers/cma_distribution.hpp"
#include "controllers/cma_margin.hpp"
#include "controllers/history.hpp"
#include "controllers/option_shares.hpp"
#include "controllers/ranking.hpp"
#include "controllers/unit_cube.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

/// Draws before a point that is under way, or breaks a relation, is proposed none the less.
constexpr int kDraws = 64;
/// Generations whose best is the same, beside what the numbers ask for, before it starts over.
constexpr double kPatience = 10;

/// In [0, 1], as if mirrors stood at both ends.
double reflected(double x) {
  const double folded = std::abs(std::fmod(x, 2.0));
  return folded > 1 ? 2 - folded : folded;
}

/// What was drawn for a point: numbers that may lie beyond the ends, options by index.
struct Individual {
  std::vector<double> numbers;
  std::vector<int64_t> options;
};

Json to_json(const Individual& individual) { return {individual.numbers, individual.options}; }

Individual individual_from_json(const Json& json) {
  return {json.at(0).get<std::vector<double>>(), json.at(1).get<std::vector<int64_t>>()};
}

struct Scored {
  Individual individual;
  Utilities utilities;  // empty where it failed
};

class CmaEs : public Controller {
 public:
  CmaEs(const CmaEsOptions& options, const SearchContext& context)
      : options_(options), context_(context), cube_(context.space.choices()) {
    for (size_t i = 0; i < cube_.size(); ++i) {
      const Axis& axis = cube_.axis(i);
      if (axis.constant()) continue;
      (axis.kind == Axis::Kind::unordered ? unordered_ : numeric_).push_back(i);
    }
    start(std::vector<double>(numeric_.size(), 0.5));
  }

  std::optional<Proposal> ask(int64_t number) override {
    RandomStream random(context_.seed, "cma_es", static_cast<uint64_t>(number));
    Individual individual;
    Point point;
    for (int i = 0; i < kDraws; ++i) {
      individual = {distribution_->draw(random), shares_->draw(random)};
      point = point_of(individual);
      const bool elsewhere = std::none_of(pending_.begin(), pending_.end(), [&](const auto& entry) {
        return point_of(entry.second) == point;
      });
      if (elsewhere && !broken_relation(context_.space.choices(), point)) break;
    }
    pending_[number] = std::move(individual);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override;
  void warm_start(std::span<const Point> best_first) override;
  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  Point point_of(const Individual& individual) const;
  int64_t population() const;
  void start(std::vector<double> mean);
  void end_generation();
  void keep_margins();
  bool stagnated();

  CmaEsOptions options_;
  SearchContext context_;
  UnitCube cube_;
  std::vector<size_t> numeric_;    // choices with more than one value
  std::vector<size_t> unordered_;  // likewise
  int64_t restarts_ = 0;
  std::optional<CmaDistribution> distribution_;  // over the numeric ones
  std::optional<OptionShares> shares_;           // over the others
  std::map<int64_t, Individual> pending_;        // by trial
  std::vector<Scored> generation_;               // told so far
  std::vector<double> bests_;                    // of the newest generations since the start
};

Point CmaEs::point_of(const Individual& individual) const {
  std::vector<double> coordinates(cube_.size(), 0.5);
  for (size_t i = 0; i < cube_.size(); ++i) {
    if (cube_.axis(i).kind == Axis::Kind::unordered) coordinates[i] = 0;
  }
  for (size_t i = 0; i < numeric_.size(); ++i) {
    coordinates[numeric_[i]] = reflected(individual.numbers[i]);
  }
  for (size_t i = 0; i < unordered_.size(); ++i) {
    coordinates[unordered_[i]] = static_cast<double>(individual.options[i]);
  }
  return cube_.decode(coordinates);
}

int64_t CmaEs::population() const {
  const auto numbers = static_cast<double>(numeric_.size() + unordered_.size());
  const int64_t usual =
      options_.population > 0
          ? options_.population
          : 4 + static_cast<int64_t>(std::floor(3 * std::log(std::max(numbers, 1.0))));
  return std::max<int64_t>(usual, 4) << std::min<int64_t>(restarts_, 10);
}

void CmaEs::start(std::vector<double> mean) {
  distribution_.emplace(std::move(mean), options_.step, population());
  std::vector<int64_t> counts;
  for (const size_t i : unordered_) counts.push_back(cube_.axis(i).count);
  shares_.emplace(std::move(counts), population());
  bests_.clear();
  keep_margins();
}

void CmaEs::tell(const Trial& trial) {
  const auto found = pending_.find(trial.number);
  if (found == pending_.end()) return;
  generation_.push_back({std::move(found->second), finite_utilities(context_.objectives, trial)});
  pending_.erase(found);
  if (static_cast<int64_t>(generation_.size()) == distribution_->population()) end_generation();
}

void CmaEs::end_generation() {
  std::vector<Utilities> utilities;
  for (const Scored& scored : generation_) utilities.push_back(scored.utilities);
  std::vector<std::vector<double>> numbers;
  std::vector<std::vector<int64_t>> options;
  const auto order = ranking(utilities);
  for (const size_t i : order) {
    numbers.push_back(generation_[i].individual.numbers);
    options.push_back(generation_[i].individual.options);
  }
  const Utilities& best = utilities[order.front()];
  generation_.clear();
  if (best.empty()) return;  // nothing to learn where all failed
  distribution_->update(numbers);
  shares_->update(options);
  bests_.push_back(best.front());
  if (distribution_->degenerate() || stagnated()) {
    ++restarts_;
    RandomStream random(context_.seed, "cma_es.restart", static_cast<uint64_t>(restarts_));
    std::vector<double> mean(numeric_.size());
    for (double& x : mean) x = random.uniform();
    start(std::move(mean));
  } else {
    keep_margins();
  }
}

/// Whether the best of the newest generations are all the same; forgets those before.
bool CmaEs::stagnated() {
  const auto axes = static_cast<double>(numeric_.size() + unordered_.size());
  const auto patience = static_cast<size_t>(
      kPatience + std::ceil(30 * axes / static_cast<double>(distribution_->population())));
  if (bests_.size() < patience) return false;
  bests_.erase(bests_.begin(), bests_.end() - static_cast<std::ptrdiff_t>(patience));
  const auto [least, most] = std::minmax_element(bests_.begin(), bests_.end());
  return *most - *least <= 1e-12 * std::abs(*most);
}

void CmaEs::keep_margins() {
  const auto axes = static_cast<double>(std::max<size_t>(numeric_.size(), 1));
  const double margin = 1 / (axes * static_cast<double>(distribution_->population()));
  for (size_t i = 0; i < numeric_.size(); ++i) {
    if (cube_.axis(numeric_[i]).kind != Axis::Kind::stepped) continue;
    const double mean = reflected(distribution_->mean(i));
    const auto kept =
        with_margin({mean, distribution_->deviation(i)}, cube_.bin(numeric_[i], mean), margin);
    distribution_->set_marginal(i, kept.mean, kept.deviation);
  }
}

void CmaEs::warm_start(std::span<const Point> best_first) {
  if (best_first.empty()) return;
  const auto coordinates = cube_.encode(best_first.front());
  std::vector<double> mean;
  for (const size_t i : numeric_) {
    mean.push_back(std::isnan(coordinates[i]) ? 0.5 : coordinates[i]);
  }
  start(std::move(mean));
}

std::string CmaEs::save() const {
  Json pending = Json::array();
  for (const auto& [number, individual] : pending_) {
    pending.push_back({number, to_json(individual)});
  }
  Json generation = Json::array();
  for (const auto& [individual, utilities] : generation_) {
    generation.push_back({to_json(individual), utilities});
  }
  return Json{{"restarts", restarts_},     {"distribution", distribution_->save()},
              {"shares", shares_->save()}, {"pending", pending},
              {"generation", generation},  {"bests", bests_}}
      .dump();
}

void CmaEs::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  json.at("restarts").get_to(restarts_);
  start(std::vector<double>(numeric_.size(), 0.5));
  distribution_->load(json.at("distribution"));
  shares_->load(json.at("shares"));
  for (const Json& item : json.at("pending")) {
    pending_[item.at(0).get<int64_t>()] = individual_from_json(item.at(1));
  }
  for (const Json& item : json.at("generation")) {
    generation_.push_back({individual_from_json(item.at(0)), item.at(1).get<Utilities>()});
  }
  json.at("bests").get_to(bests_);
}

}  // namespace

void describe(Section& section, CmaEsOptions& options) {
  section.integer("population", options.population, {0, 100'000, ""},
                  "points of a generation, at least 4; 0: 4 + 3 ln(choices)");
  section.real("step", options.step, {1e-6, 0.5, ""},
               "standard deviation at the start, in parts of an axis");
}

std::unique_ptr<Controller> make_cma_es(const CmaEsOptions& options, const SearchContext& context) {
  return std::make_unique<CmaEs>(options, context);
}

}  // namespace nas

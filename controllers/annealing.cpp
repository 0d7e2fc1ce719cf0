#include "controllers/annealing.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/observations.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/statistics.hpp"
#include "nas/qubo/penalty.hpp"
#include "nas/qubo/solve.hpp"
#include "nas/qubo/surrogate.hpp"

namespace nas {
namespace {

constexpr std::array<std::string_view, 3> kSolvers{"sa", "pt", "sqa"};

const SolverRow& solver_named(std::string_view name) {
  const auto rows = solvers();
  return *std::find_if(rows.begin(), rows.end(),
                       [&](const SolverRow& row) { return row.name == name; });
}

class Annealing : public Controller {
 public:
  Annealing(const AnnealingOptions& options, const SearchContext& context)
      : options_(options),
        context_(context),
        encoding_(context.space.choices(), options.levels),
        proposed_(context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    const auto index = static_cast<uint64_t>(number);
    auto point =
        number < options_.startup_trials ? proposed_.first_fresh(screened_) : annealed(index);
    if (!point) {
      RandomStream random(context_.seed, "annealing.fresh", index);
      point = proposed_.fresh(random);
    }
    if (!point) return std::nullopt;
    proposed_.add(*point);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override {
    if (!trial.point) return;
    observations_.push_back({*trial.point, finite_utility(context_.objectives.front(), trial)});
  }

  void warm_start(std::span<const Point> best_first) override {
    screened_.assign(best_first.begin(), best_first.end());
  }

  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  QuadraticModel drawn_surrogate(uint64_t number) const;
  std::optional<Point> annealed(uint64_t number) const;

  AnnealingOptions options_;
  SearchContext context_;
  PointEncoding encoding_;
  ProposedPoints proposed_;
  std::vector<Point> screened_;  // best first
  Observations observations_;    // in the order of the trials
};

/// Fitted to as many observations as there are, drawn with replacement.
QuadraticModel Annealing::drawn_surrogate(uint64_t number) const {
  const std::vector<double> drawn_from = scores(observations_);
  RandomStream random(context_.seed, "annealing.bootstrap", number);
  std::vector<Point> points;
  std::vector<double> energies;
  for (size_t i = 0; i < observations_.size(); ++i) {
    const auto drawn = static_cast<size_t>(random.below(std::ssize(observations_)));
    points.push_back(observations_[drawn].point);
    energies.push_back(-drawn_from[drawn]);
  }
  return fit_surrogate(encoding_, points, energies, {options_.ridge});
}

std::optional<Point> Annealing::annealed(uint64_t number) const {
  if (observations_.empty()) return std::nullopt;
  QuadraticModel model = drawn_surrogate(number);
  add_penalty(model, sufficient_penalty(model));
  SolveOptions solving;
  solving.reads = options_.reads;
  solving.seed = derive_seed(context_.seed, "annealing.solve", number);
  solving.solver.sweeps = options_.sweeps;
  Solution solution = solve(model, solver_named(options_.solver), solving);
  std::stable_sort(solution.samples.begin(), solution.samples.end(),
                   [](const Sample& a, const Sample& b) { return a.energy < b.energy; });
  RandomStream random(context_.seed, "annealing.decode", number);
  for (const Sample& sample : solution.samples) {
    auto point = encoding_.decoded(sample.values, random);
    if (point && !proposed_.contains(*point)) return point;
  }
  return std::nullopt;
}

std::string Annealing::save() const {
  return Json{{"proposed", proposed_.save()}, {"observations", to_json(observations_)}}.dump();
}

void Annealing::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  proposed_.load(json.at("proposed"));
  observations_ = observations_from_json(context_.space.choices(), json.at("observations"));
}

}  // namespace

void describe(Section& section, AnnealingOptions& options) {
  section.integer("startup_trials", options.startup_trials, {1, 1'000'000, ""},
                  "random points before the first surrogate");
  section.one_of("solver", options.solver, std::span<const std::string_view>(kSolvers),
                 "simulated annealing, parallel tempering or simulated quantum annealing");
  section.integer("sweeps", options.sweeps, {1, 1'000'000, ""}, "visits of each bit in a try");
  section.integer("reads", options.reads, {1, 1'000'000, ""}, "tries of a proposal");
  section.real("ridge", options.ridge, {1e-6, 1e6, ""}, "penalty of the surrogate's regression");
  section.integer("levels", options.levels, {2, 64, ""},
                  "parts that longer intervals are cut into");
}

std::unique_ptr<Controller> make_annealing(const AnnealingOptions& options,
                                           const SearchContext& context) {
  return std::make_unique<Annealing>(options, context);
}

}  // namespace nas

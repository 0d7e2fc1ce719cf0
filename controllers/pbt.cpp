#include "controllers/pbt.hpp"

#include <fmt/core.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "controllers/halving_options.hpp"
#include "controllers/history.hpp"
#include "controllers/perturb.hpp"
#include "controllers/rung.hpp"
#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Points that settings are looked for in: some are there beside some values of others only.
constexpr uint64_t kSamples = 64;

/// interval, 2 interval, ..., and the largest budget.
std::vector<Budget> round_budgets(const PbtOptions& options, const SearchContext& context) {
  const Budget most = whole_budget(options.max_budget, context);
  if (most <= options.interval) {
    throw ConfigError(
        {fmt::format("controller.interval: found {}, expected less than {}, the whole budget of a "
                     "member",
                     options.interval, most)});
  }
  std::vector<Budget> budgets;
  const auto rounds = static_cast<int64_t>(std::ceil(most / options.interval - 1e-9));
  for (int64_t i = 1; i <= rounds; ++i) {
    budgets.push_back(std::min(options.interval * static_cast<double>(i), most));
  }
  return budgets;
}

/// Names of the choices that are settings of the training, of a space that also describes networks.
std::set<std::string> named_settings(const SearchContext& context,
                                     const std::set<std::string>& names) {
  std::set<std::string> found;
  for (uint64_t i = 0; i < kSamples; ++i) {
    RandomStream random(context.seed, "pbt.settings", i);
    const Point point = sample(context.space.choices(), random);
    for (const auto& [setting, value] : context.space.settings(point)) {
      for (const std::string& name : names) {
        if (name == setting || name.ends_with("." + setting)) found.insert(name);
      }
    }
  }
  return found;
}

/// Names of the choices that may change during a training.
std::set<std::string> explored(const PbtOptions& options, const SearchContext& context) {
  std::set<std::string> names;
  for (const Choice& choice : context.space.choices()) names.insert(choice.name);
  for (const std::string& name : options.explore) {
    if (names.contains(name)) continue;
    throw ConfigError(
        {fmt::format("controller.explore: found '{}', expected choices of the space: {}", name,
                     fmt::join(names, ", "))});
  }
  if (!options.explore.empty()) return {options.explore.begin(), options.explore.end()};
  RandomStream random(context.seed, "pbt.network");
  const bool networks = context.space.network(sample(context.space.choices(), random)).has_value();
  return networks ? named_settings(context, names) : names;
}

class Pbt : public Controller {
 public:
  Pbt(const PbtOptions& options, const SearchContext& context)
      : options_(options),
        context_(context),
        explored_(explored(options, context)),
        budgets_(round_budgets(options, context)),
        rounds_(budgets_.size()) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (started_ < options_.population) {
      pending_[number] = 0;
      return Proposal{Job::evaluate, first_point(number), budgets_.front()};
    }
    const auto next = next_to_go_on();
    if (!next) return std::nullopt;
    const auto [round, rank] = *next;
    rounds_[round].promote(rank);
    pending_[number] = round + 1;
    return successor(number, round, rank);
  }

  void tell(const Trial& trial) override {
    const auto pending = pending_.find(trial.number);
    if (pending == pending_.end() || !trial.point) return;
    const auto value = finite_utility(context_.objectives.front(), trial);
    rounds_[pending->second].add({trial.number, *trial.point, value});
    pending_.erase(pending);
  }

  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }

  /// Another member may take over any state of a round that some member has still to leave.
  bool may_continue(int64_t number) const override {
    const auto pending = pending_.find(number);
    if (pending != pending_.end()) return pending->second + 1 < rounds_.size();
    for (size_t round = 0; round + 1 < rounds_.size(); ++round) {
      if (rounds_[round].rank_of(number)) return !all_left(round);
    }
    return false;
  }

  Budget largest_budget() const override { return budgets_.back(); }

  std::string save() const override {
    Json rounds = Json::array();
    for (const Rung& round : rounds_) rounds.push_back(round.save());
    Json pending = Json::array();
    for (const auto& [number, round] : pending_) pending.push_back({number, round});
    return Json{{"started", started_}, {"rounds", rounds}, {"pending", pending}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    json.at("started").get_to(started_);
    for (size_t i = 0; i < rounds_.size(); ++i) {
      rounds_[i].load(context_.space.choices(), json.at("rounds").at(i));
    }
    pending_.clear();
    for (const Json& item : json.at("pending")) {
      pending_[item.at(0).get<int64_t>()] = item.at(1).get<size_t>();
    }
  }

 private:
  Point first_point(int64_t number) {
    const auto member = static_cast<size_t>(started_++);
    if (member < first_.size()) return first_[member];
    RandomStream random(context_.seed, "pbt.member", static_cast<uint64_t>(number));
    return sample(context_.space.choices(), random);
  }

  /// Round and rank of the earliest trial that its member has not gone on from.
  std::optional<std::pair<size_t, size_t>> next_to_go_on() const {
    std::optional<std::pair<size_t, size_t>> next;
    int64_t earliest = 0;
    for (size_t round = 0; round + 1 < rounds_.size(); ++round) {
      for (size_t rank = 0; rank < rounds_[round].size(); ++rank) {
        const Rung::Entry& entry = rounds_[round].at(rank);
        if (entry.promoted || (next && entry.trial > earliest)) continue;
        next = {round, rank};
        earliest = entry.trial;
      }
    }
    return next;
  }

  bool all_left(size_t round) const {
    const Rung& rung = rounds_[round];
    if (static_cast<int64_t>(rung.size()) < options_.population) return false;
    for (size_t rank = 0; rank < rung.size(); ++rank) {
      if (!rung.at(rank).promoted) return false;
    }
    return true;
  }

  /// What the member does after its trial at `rank` of `round`.
  Proposal successor(int64_t number, size_t round, size_t rank) const {
    const Rung& rung = rounds_[round];
    const Rung::Entry& own = rung.at(rank);
    RandomStream random(context_.seed, "pbt", static_cast<uint64_t>(number));
    const Budget budget = budgets_[round + 1];
    const auto share = static_cast<size_t>(options_.truncation * static_cast<double>(rung.size()));
    if (own.utility && rank + share < rung.size()) {
      return {Job::evaluate, own.point, budget, own.trial};
    }
    // A member that failed has no state; it is replaced even where few were told.
    const size_t best = std::min(std::max<size_t>(share, 1), rung.scored());
    if (best == 0) return {Job::evaluate, sample(context_.space.choices(), random), budget};
    const Rung::Entry& other =
        rung.at(static_cast<size_t>(random.below(static_cast<int64_t>(best))));
    return {Job::evaluate, changed(other.point, random), budget, other.trial};
  }

  Point changed(const Point& point, RandomStream& random) const {
    const auto allowed = [&](const Choice& choice) { return explored_.contains(choice.name); };
    return perturbed(context_.space.choices(), point, {options_.resample, options_.factor, allowed},
                     random);
  }

  PbtOptions options_;
  SearchContext context_;
  std::set<std::string> explored_;  // names of choices
  std::vector<Budget> budgets_;
  std::vector<Rung> rounds_;           // by budget
  int64_t started_ = 0;                // members
  std::map<int64_t, size_t> pending_;  // rounds of trials that were not told yet
  std::vector<Point> first_;           // of a screening
};

}  // namespace

void describe(Section& section, PbtOptions& options) {
  section.integer("population", options.population, {2, 100'000, ""},
                  "members that are trained side by side");
  section.real("interval", options.interval, {1e-9, 1e12, ""},
               "units of the evaluator (epochs) between two comparisons");
  section.real("max_budget", options.max_budget, {0, 1e12, ""},
               "units that a member gets in all; 0: evaluator.epochs, or 81 for other evaluators");
  section.real("truncation", options.truncation, {0, 0.5, ""},
               "share of the members that is replaced by ones of the best such share");
  section.real("resample", options.resample, {0, 1, ""},
               "probability that a choice is drawn anew, in place of being moved");
  section.real("factor", options.factor, {1, 1000, ""},
               "by which a number is multiplied or divided");
  section.texts("explore", options.explore,
                "choices that may change during a training; empty: all that are not the network's");
}

std::unique_ptr<Controller> make_pbt(const PbtOptions& options, const SearchContext& context) {
  return std::make_unique<Pbt>(options, context);
}

}  // namespace nas

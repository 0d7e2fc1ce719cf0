#include "controllers/asha.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/new_points.hpp"
#include "controllers/rung.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

/// How often a rung must grow by its size before the state of a trial outside the best 1/eta is
/// missed. Later promotions of it are rare; it starts over then.
constexpr double kGrowth = 2;

class Asha : public Controller {
 public:
  Asha(const AshaOptions& options, const SearchContext& context)
      : eta_(options.eta),
        context_(context),
        budgets_(rung_budgets(options, context)),
        rungs_(budgets_.size()),
        points_(make_uniform_sampler(context), context) {}

  std::optional<Proposal> ask(int64_t number) override {
    for (size_t rung = rungs_.size() - 1; rung-- > 0;) {
      if (const auto rank = promotable(rungs_[rung])) return promote(number, rung, *rank);
    }
    auto point = points_.next(number);
    if (!point) return last_promotion(number);
    pending_[number] = 0;
    return Proposal{Job::evaluate, std::move(point), budgets_.front()};
  }

  void tell(const Trial& trial) override {
    const auto pending = pending_.find(trial.number);
    if (pending == pending_.end() || !trial.point) return;
    const auto value = finite_utility(context_.objectives.front(), trial);
    rungs_[pending->second].add({trial.number, *trial.point, value});
    points_.tell(trial);
    pending_.erase(pending);
  }

  void warm_start(std::span<const Point> best_first) override { points_.start_with(best_first); }

  bool may_continue(int64_t number) const override {
    const size_t top = rungs_.size() - 1;
    const auto pending = pending_.find(number);
    if (pending != pending_.end()) return pending->second < top;
    for (size_t rung = 0; rung < top; ++rung) {
      const auto rank = rungs_[rung].rank_of(number);
      if (!rank) continue;
      const auto& entry = rungs_[rung].at(*rank);
      const double reach =
          std::max(kGrowth * static_cast<double>(rungs_[rung].size()) / eta_, eta_);
      return entry.utility && !entry.promoted && static_cast<double>(*rank) < reach;
    }
    return false;
  }

  Budget largest_budget() const override { return budgets_.back(); }

  std::string save() const override {
    Json rungs = Json::array();
    for (const Rung& rung : rungs_) rungs.push_back(rung.save());
    Json pending = Json::array();
    for (const auto& [number, rung] : pending_) pending.push_back({number, rung});
    return Json{{"rungs", rungs}, {"pending", pending}, {"points", points_.save()}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    for (size_t i = 0; i < rungs_.size(); ++i) {
      rungs_[i].load(context_.space.choices(), json.at("rungs").at(i));
    }
    pending_.clear();
    for (const Json& item : json.at("pending")) {
      pending_[item.at(0).get<int64_t>()] = item.at(1).get<size_t>();
    }
    points_.load(json.at("points"));
  }

 private:
  Proposal promote(int64_t number, size_t rung, size_t rank) {
    rungs_[rung].promote(rank);
    pending_[number] = rung + 1;
    const Rung::Entry& entry = rungs_[rung].at(rank);
    return {Job::evaluate, entry.point, budgets_[rung + 1], entry.trial};
  }

  /// Where a space ends before its best point came to the top, that one still does.
  std::optional<Proposal> last_promotion(int64_t number) {
    if (!pending_.empty() || rungs_.back().size() > 0) return std::nullopt;
    for (size_t rung = rungs_.size() - 1; rung-- > 0;) {
      if (rungs_[rung].scored() > 0) return promote(number, rung, 0);
    }
    return std::nullopt;
  }

  /// The best one that was not promoted, where it is in the best 1/eta.
  std::optional<size_t> promotable(const Rung& rung) const {
    const auto most = static_cast<size_t>(static_cast<double>(rung.size()) / eta_);
    for (size_t rank = 0; rank < std::min(most, rung.scored()); ++rank) {
      if (!rung.at(rank).promoted) return rank;
    }
    return std::nullopt;
  }

  double eta_;
  SearchContext context_;
  std::vector<Budget> budgets_;
  std::vector<Rung> rungs_;            // by budget
  std::map<int64_t, size_t> pending_;  // rungs of trials that were not told yet
  NewPoints points_;
};

}  // namespace

std::unique_ptr<Controller> make_asha(const AshaOptions& options, const SearchContext& context) {
  return std::make_unique<Asha>(options, context);
}

}  // namespace nas

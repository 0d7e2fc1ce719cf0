#include "controllers/halving_search.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <utility>

#include "controllers/history.hpp"
#include "controllers/new_points.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

class HalvingSearch : public Controller {
 public:
  HalvingSearch(std::vector<BracketShape> shapes, std::unique_ptr<PointSampler> sampler,
                const SearchContext& context)
      : shapes_(std::move(shapes)), context_(context), points_(std::move(sampler), context) {}

  std::optional<Proposal> ask(int64_t number) override {
    for (auto& [index, bracket] : brackets_) {
      if (auto proposal = propose(bracket, number)) return placed(number, index, *proposal);
    }
    const int64_t index = opened_;
    Bracket bracket = opened(index);
    auto proposal = propose(bracket, number);
    if (!proposal) return std::nullopt;  // the space is exhausted
    ++opened_;
    brackets_.emplace(index, std::move(bracket));
    return placed(number, index, *proposal);
  }

  void tell(const Trial& trial) override {
    const auto pending = pending_.find(trial.number);
    if (pending == pending_.end() || !trial.point) return;
    const auto [index, rung] = pending->second;
    pending_.erase(pending);
    Bracket& bracket = brackets_.at(index);
    const auto value = finite_utility(context_.objectives.front(), trial);
    bracket.tell(rung, {trial.number, *trial.point, value});
    points_.tell(trial);
    if (bracket.done()) brackets_.erase(index);
  }

  void warm_start(std::span<const Point> best_first) override { points_.start_with(best_first); }

  bool may_continue(int64_t number) const override {
    const auto pending = pending_.find(number);
    if (pending != pending_.end()) {
      const auto [index, rung] = pending->second;
      return rung + 1 < brackets_.at(index).rungs();
    }
    return std::any_of(brackets_.begin(), brackets_.end(),
                       [&](const auto& entry) { return entry.second.may_promote(number); });
  }

  Budget largest_budget() const override { return shapes_.front().budgets.back(); }

  std::string save() const override {
    Json brackets = Json::array();
    for (const auto& [index, bracket] : brackets_) brackets.push_back({index, bracket.save()});
    Json pending = Json::array();
    for (const auto& [number, at] : pending_) pending.push_back({number, at.first, at.second});
    return Json{{"opened", opened_},
                {"brackets", brackets},
                {"pending", pending},
                {"points", points_.save()}}
        .dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    opened_ = json.at("opened").get<int64_t>();
    brackets_.clear();
    for (const Json& item : json.at("brackets")) {
      const auto index = item.at(0).get<int64_t>();
      Bracket bracket = opened(index);
      bracket.load(context_.space.choices(), item.at(1));
      brackets_.emplace(index, std::move(bracket));
    }
    pending_.clear();
    for (const Json& item : json.at("pending")) {
      pending_[item.at(0).get<int64_t>()] = {item.at(1).get<int64_t>(), item.at(2).get<size_t>()};
    }
    points_.load(json.at("points"));
  }

 private:
  Bracket opened(int64_t index) const {
    return Bracket(shapes_[static_cast<size_t>(index) % shapes_.size()]);
  }

  std::optional<Proposal> propose(Bracket& bracket, int64_t number) {
    if (auto proposal = bracket.promote()) return proposal;
    if (!bracket.wants_points()) return std::nullopt;
    if (auto point = points_.next(number)) return bracket.start(std::move(*point));
    bracket.close();
    return bracket.promote();
  }

  Proposal placed(int64_t number, int64_t index, Proposal& proposal) {
    pending_[number] = {index, brackets_.at(index).last_rung()};
    return std::move(proposal);
  }

  std::vector<BracketShape> shapes_;
  SearchContext context_;
  NewPoints points_;
  int64_t opened_ = 0;
  std::map<int64_t, Bracket> brackets_;                    // under way, by when they were opened
  std::map<int64_t, std::pair<int64_t, size_t>> pending_;  // bracket and rung of untold trials
};

}  // namespace

std::unique_ptr<Controller> make_halving_search(std::vector<BracketShape> shapes,
                                                std::unique_ptr<PointSampler> sampler,
                                                const SearchContext& context) {
  return std::make_unique<HalvingSearch>(std::move(shapes), std::move(sampler), context);
}

}  // namespace nas

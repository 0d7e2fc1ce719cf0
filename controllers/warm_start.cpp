#include "controllers/warm_start.hpp"

#include <algorithm>
#include <set>
#include <vector>

#include "controllers/history.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

struct Screened {
  Point point;
  double score = 0;
};

class WarmStart : public Controller {
 public:
  WarmStart(std::unique_ptr<Controller> controller, const WarmStartOptions& options,
            const SearchContext& context)
      : controller_(std::move(controller)), options_(options), context_(context) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (number < options_.points) {
      RandomStream random(context_.seed, "warm_start.sample", static_cast<uint64_t>(number));
      return Proposal{Job::screen, sample(context_.space.choices(), random)};
    }
    if (told_ < options_.points) return std::nullopt;
    auto proposal = controller_->ask(number - options_.points);
    if (proposal && proposal->continues) *proposal->continues += options_.points;
    return proposal;
  }

  void tell(const Trial& trial) override {
    if (trial.number >= options_.points) {
      Trial shifted = trial;
      shifted.number -= options_.points;
      if (shifted.continues) *shifted.continues -= options_.points;
      return controller_->tell(shifted);
    }
    ++told_;
    const Objective objective{options_.metric, Goal::maximize};
    Trial scored = trial;
    scored.job = Job::evaluate;  // what is screened has no utility for a search
    const auto score = finite_utility(objective, scored);
    if (score && trial.point) screened_.push_back({*trial.point, *score});
    if (told_ == options_.points) controller_->warm_start(ranking());
  }

  bool may_continue(int64_t number) const override {
    return number >= options_.points && controller_->may_continue(number - options_.points);
  }
  Budget largest_budget() const override { return controller_->largest_budget(); }

  std::string save() const override {
    Json screened = Json::array();
    for (const auto& one : screened_) screened.push_back({packed(one.point), one.score});
    Json controller;
    if (told_ == options_.points) controller = controller_->save();
    return Json{{"told", told_}, {"screened", screened}, {"controller", controller}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    told_ = json.at("told").get<int64_t>();
    screened_.clear();
    for (const Json& item : json.at("screened")) {
      screened_.push_back(
          {unpacked(context_.space.choices(), item.at(0)), item.at(1).get<double>()});
    }
    if (told_ < options_.points) return;
    controller_->warm_start(ranking());
    controller_->load(json.at("controller").get<std::string>());
  }

 private:
  /// Each point once; among equals the earliest comes first.
  std::vector<Point> ranking() const {
    std::vector<Screened> sorted = screened_;
    std::stable_sort(sorted.begin(), sorted.end(),
                     [](const Screened& a, const Screened& b) { return a.score > b.score; });
    std::set<Point> seen;
    std::vector<Point> points;
    for (const auto& one : sorted) {
      if (seen.insert(one.point).second) points.push_back(one.point);
    }
    return points;
  }

  std::unique_ptr<Controller> controller_;
  WarmStartOptions options_;
  SearchContext context_;
  int64_t told_ = 0;                // of the screening
  std::vector<Screened> screened_;  // in trial order, without those that failed
};

}  // namespace

void describe(Section& section, WarmStartOptions& options) {
  section.integer("points", options.points, {1, 1'000'000, "points"},
                  "random points that are screened first; trials of the budget");
}

std::unique_ptr<Controller> make_warm_start(std::unique_ptr<Controller> controller,
                                            const WarmStartOptions& options,
                                            const SearchContext& context) {
  return std::make_unique<WarmStart>(std::move(controller), options, context);
}

}  // namespace nas

#include "controllers/nsga2.hpp"

#include <algorithm>
#include <vector>

#include "controllers/crossover.hpp"
#include "controllers/history.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/search/pareto.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Children thrown away for having been proposed before a random point is taken.
constexpr int64_t kAttempts = 64;

class Nsga2 : public Controller {
 public:
  Nsga2(const Nsga2Options& options, const SearchContext& context)
      : options_(options), context_(context), proposed_(context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    RandomStream random(context_.seed, "nsga2", static_cast<uint64_t>(number));
    auto point = number < options_.population ? proposed_.first_fresh(first_) : fresh_child(random);
    if (!point) point = proposed_.fresh(random);
    if (!point) return std::nullopt;
    proposed_.add(*point);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override;
  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }
  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  /// Smaller front first, then larger distance.
  struct Standing {
    size_t front = 0;
    double distance = 0;
  };

  std::optional<Point> fresh_child(RandomStream& random) const;
  Point child(RandomStream& random) const;
  size_t tournament(RandomStream& random) const;
  void rank();

  Nsga2Options options_;
  SearchContext context_;
  ProposedPoints proposed_;
  std::vector<Point> first_;  // in place of random ones
  // The population, oldest first.
  std::vector<Point> points_;
  std::vector<Utilities> utilities_;
  std::vector<Standing> standings_;  // follow from utilities_
};

bool is_better(const auto& a, const auto& b) {
  return a.front != b.front ? a.front < b.front : a.distance > b.distance;
}

void Nsga2::tell(const Trial& trial) {
  if (!trial.point) return;
  Utilities values;
  for (const Objective& objective : context_.objectives) {
    const auto value = finite_utility(objective, trial);
    if (!value) return;
    values.push_back(*value);
  }
  points_.push_back(*trial.point);
  utilities_.push_back(std::move(values));
  rank();
  if (static_cast<int64_t>(points_.size()) <= options_.population) return;
  // Among equals the oldest leaves.
  const auto worst =
      std::min_element(standings_.begin(), standings_.end(),
                       [](const Standing& a, const Standing& b) { return is_better(b, a); });
  points_.erase(points_.begin() + (worst - standings_.begin()));
  utilities_.erase(utilities_.begin() + (worst - standings_.begin()));
  rank();
}

void Nsga2::rank() {
  standings_.assign(points_.size(), {});
  const auto fronts = sorted_fronts(utilities_);
  for (size_t front = 0; front < fronts.size(); ++front) {
    const auto distances = crowding_distances(utilities_, fronts[front]);
    for (size_t i = 0; i < distances.size(); ++i) {
      standings_[fronts[front][i]] = {front, distances[i]};
    }
  }
}

size_t Nsga2::tournament(RandomStream& random) const {
  const auto size = static_cast<int64_t>(points_.size());
  const auto a = static_cast<size_t>(random.below(size));
  const auto b = static_cast<size_t>(random.below(size));
  return is_better(standings_[b], standings_[a]) ? b : a;
}

Point Nsga2::child(RandomStream& random) const {
  const Choices& choices = context_.space.choices();
  Point child = points_[tournament(random)];
  if (random.uniform() < options_.crossover) {
    child =
        crossed(choices, child, points_[tournament(random)], [&] { return random.below(2) == 0; });
  }
  return random.uniform() < options_.mutation ? mutate(choices, child, random) : child;
}

std::optional<Point> Nsga2::fresh_child(RandomStream& random) const {
  if (points_.empty()) return std::nullopt;
  for (int64_t i = 0; i < kAttempts; ++i) {
    Point point = child(random);
    if (!proposed_.contains(point)) return point;
  }
  return std::nullopt;
}

std::string Nsga2::save() const {
  Json population = Json::array();
  for (size_t i = 0; i < points_.size(); ++i) {
    population.push_back({packed(points_[i]), utilities_[i]});
  }
  return Json{{"proposed", proposed_.save()}, {"population", population}}.dump();
}

void Nsga2::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  proposed_.load(json.at("proposed"));
  points_.clear();
  utilities_.clear();
  for (const Json& item : json.at("population")) {
    points_.push_back(unpacked(context_.space.choices(), item.at(0)));
    utilities_.push_back(item.at(1).get<Utilities>());
  }
  rank();
}

}  // namespace

void describe(Section& section, Nsga2Options& options) {
  section.integer("population", options.population, {1, 100'000, ""},
                  "points alive at a time; as many random ones come first");
  section.real("crossover", options.crossover, {0, 1, ""}, "probability of a second parent");
  section.real("mutation", options.mutation, {0, 1, ""}, "probability that one choice is mutated");
}

std::unique_ptr<Controller> make_nsga2(const Nsga2Options& options, const SearchContext& context) {
  return std::make_unique<Nsga2>(options, context);
}

}  // namespace nas

#include "controllers/elite_evolution.hpp"

#include <algorithm>

#include "controllers/crossover.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Children thrown away for having been proposed before a random point is taken.
constexpr int64_t kAttempts = 64;

}  // namespace

EliteEvolution::EliteEvolution(const EliteEvolutionOptions& options, const Choices& choices)
    : options_(options), choices_(&choices), proposed_(choices) {}

std::optional<Point> EliteEvolution::ask(RandomStream& random) {
  if (std::ssize(children_) + waiting_ >= options_.population) return std::nullopt;
  std::optional<Point> point;
  for (int64_t i = 0; i < kAttempts && !parents_.empty() && !point; ++i) {
    point = child(random);
    if (proposed_.contains(*point)) point.reset();
  }
  if (!point) point = proposed_.fresh(random);
  if (!point) return std::nullopt;
  proposed_.add(*point);
  ++waiting_;
  return point;
}

void EliteEvolution::tell(const Point& point, std::optional<double> utility) {
  --waiting_;
  if (utility) children_.push_back({point, *utility});
  if (std::ssize(children_) < options_.population) return;
  parents_.insert(parents_.end(), children_.begin(), children_.end());
  children_.clear();
  std::stable_sort(parents_.begin(), parents_.end(),
                   [](const Individual& a, const Individual& b) { return a.utility > b.utility; });
  if (std::ssize(parents_) > options_.parents) {
    parents_.erase(parents_.begin() + options_.parents, parents_.end());
  }
}

Point EliteEvolution::child(RandomStream& random) const {
  const Point& first = parent(random);
  if (random.uniform() < options_.mutated) {
    const Point drawn = sample(*choices_, random);
    return crossed(*choices_, first, drawn, [&] { return random.uniform() >= options_.mutation; });
  }
  return crossed(*choices_, first, parent(random), [&] { return random.below(2) == 0; });
}

const Point& EliteEvolution::parent(RandomStream& random) const {
  return parents_[static_cast<size_t>(random.below(std::ssize(parents_)))].point;
}

Json EliteEvolution::save() const {
  const auto listed = [](const std::vector<Individual>& individuals) {
    Json json = Json::array();
    for (const auto& one : individuals) json.push_back({packed(one.point), one.utility});
    return json;
  };
  return {{"proposed", proposed_.save()},
          {"parents", listed(parents_)},
          {"children", listed(children_)},
          {"waiting", waiting_}};
}

void EliteEvolution::load(const Json& json) {
  const auto read = [&](const Json& list) {
    std::vector<Individual> individuals;
    for (const Json& one : list) {
      individuals.push_back({unpacked(*choices_, one.at(0)), one.at(1).get<double>()});
    }
    return individuals;
  };
  proposed_.load(json.at("proposed"));
  parents_ = read(json.at("parents"));
  children_ = read(json.at("children"));
  waiting_ = json.at("waiting").get<int64_t>();
}

void describe(Section& section, EliteEvolutionOptions& options) {
  section.integer("population", options.population, {1, 100'000, ""}, "points of a generation");
  section.integer("parents", options.parents, {1, 100'000, ""},
                  "best points that the next generation descends from");
  section.real("mutation", options.mutation, {0, 1, ""},
               "probability that a choice of a mutated child is drawn anew");
  section.real("mutated", options.mutated, {0, 1, ""},
               "share of children that are mutated; the others are crossed");
}

}  // namespace nas

#include "controllers/regularized_evolution.hpp"

#include <deque>
#include <vector>

#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

struct Individual {
  Point point;
  double utility = 0;
};

class RegularizedEvolution : public Controller {
 public:
  RegularizedEvolution(const EvolutionOptions& options, const SearchContext& context)
      : options_(options), context_(context) {}

  std::optional<Proposal> ask(int64_t number) override {
    RandomStream random(context_.seed, "evolution", static_cast<uint64_t>(number));
    const auto& choices = context_.space.choices();
    const auto index = static_cast<size_t>(number);
    if (number < options_.population && index < first_.size()) {
      return Proposal{Job::evaluate, first_[index]};
    }
    // Until the first generation is told there is nobody to choose from, or too few.
    if (number < options_.population || population_.empty()) {
      return Proposal{Job::evaluate, sample(choices, random)};
    }
    return Proposal{Job::evaluate, mutate(choices, tournament(random), random)};
  }

  void tell(const Trial& trial) override {
    const auto value = utility(context_.objectives.front(), trial);
    if (!value || !trial.point) return;
    population_.push_back({*trial.point, *value});
    if (static_cast<int64_t>(population_.size()) > options_.population) population_.pop_front();
  }

  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }

  std::string save() const override {
    Json json = Json::array();
    for (const auto& individual : population_) {
      json.push_back({to_json(context_.space.choices(), individual.point), individual.utility});
    }
    return json.dump();
  }

  void load(std::string_view bytes) override {
    population_.clear();
    for (const auto& item : Json::parse(bytes)) {
      population_.push_back(
          {point_from_json(context_.space.choices(), item.at(0)), item.at(1).get<double>()});
    }
  }

 private:
  const Point& tournament(RandomStream& random) const {
    const auto size = static_cast<int64_t>(population_.size());
    const Individual* best = nullptr;
    for (int64_t i = 0; i < options_.sample; ++i) {
      const auto& drawn = population_[static_cast<size_t>(random.below(size))];
      if (best == nullptr || drawn.utility > best->utility) best = &drawn;
    }
    return best->point;
  }

  EvolutionOptions options_;
  SearchContext context_;
  std::vector<Point> first_;           // in place of random ones
  std::deque<Individual> population_;  // oldest first
};

}  // namespace

void describe(Section& section, EvolutionOptions& options) {
  section.integer("population", options.population, {1, 1'000'000, ""},
                  "points alive at a time; as many random ones come first");
  section.integer("sample", options.sample, {1, 1'000'000, ""},
                  "points drawn for a tournament; the best is the parent");
}

std::unique_ptr<Controller> make_evolution(const EvolutionOptions& options,
                                           const SearchContext& context) {
  return std::make_unique<RegularizedEvolution>(options, context);
}

}  // namespace nas

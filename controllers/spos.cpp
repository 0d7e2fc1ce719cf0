#include "controllers/spos.hpp"

#include <algorithm>
#include <functional>
#include <vector>

#include "controllers/crossover.hpp"
#include "controllers/history.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// Draws a child of a generation, until a new point comes, before the generation goes without it.
constexpr int64_t kAttempts = 64;

class Spos : public Controller {
 public:
  Spos(const SposOptions& options, const SearchContext& context)
      : options_(options), context_(context), proposed_(context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (waiting_.empty() && open_ == 0) {
      RandomStream random(context_.seed, "spos", static_cast<uint64_t>(number));
      breed(random);
    }
    if (waiting_.empty()) return std::nullopt;
    Proposal proposal{Job::evaluate, waiting_.front()};
    waiting_.erase(waiting_.begin());
    ++open_;
    return proposal;
  }

  void tell(const Trial& trial) override;
  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  struct Parent {
    Point point;
    double utility = 0;
  };

  void breed(RandomStream& random);
  void add_children(int64_t count, const std::function<Point()>& draw);
  const Point& parent(RandomStream& random) const {
    const auto size = static_cast<int64_t>(parents_.size());
    return parents_[static_cast<size_t>(random.below(size))].point;
  }

  SposOptions options_;
  SearchContext context_;
  ProposedPoints proposed_;
  std::vector<Point> waiting_;   // of the generation, not proposed yet
  int64_t open_ = 0;             // proposed, not told
  std::vector<Parent> parents_;  // best first, the earlier among equals
};

void Spos::tell(const Trial& trial) {
  // A result from elsewhere is no answer that the generation waits for.
  const bool proposed = trial.point && proposed_.contains(*trial.point);
  if (proposed && open_ > 0) --open_;
  if (trial.point) proposed_.add(*trial.point);
  const auto value = finite_utility(context_.objectives.front(), trial);
  if (!value || !trial.point) return;
  const auto after = std::find_if(parents_.begin(), parents_.end(),
                                  [&](const Parent& other) { return other.utility < *value; });
  parents_.insert(after, {*trial.point, *value});
  if (static_cast<int64_t>(parents_.size()) > options_.parents) parents_.pop_back();
}

void Spos::add_children(int64_t count, const std::function<Point()>& draw) {
  for (int64_t attempts = kAttempts * count; count > 0 && attempts > 0; --attempts) {
    Point child = draw();
    if (proposed_.contains(child)) continue;
    proposed_.add(child);
    waiting_.push_back(std::move(child));
    --count;
  }
}

void Spos::breed(RandomStream& random) {
  const Choices& choices = context_.space.choices();
  if (!parents_.empty()) {
    add_children(options_.crossovers, [&] {
      const Point& first = parent(random);
      return crossed(choices, first, parent(random), [&] { return random.below(2) == 0; });
    });
    add_children(options_.mutations, [&] {
      const Point& kept = parent(random);
      const Point drawn = sample(choices, random);
      return crossed(choices, kept, drawn, [&] { return random.uniform() >= options_.mutation; });
    });
  }
  while (static_cast<int64_t>(waiting_.size()) < options_.population) {
    auto point = proposed_.fresh(random);
    if (!point) return;
    proposed_.add(*point);
    waiting_.push_back(*std::move(point));
  }
}

std::string Spos::save() const {
  Json waiting = Json::array();
  for (const Point& point : waiting_) waiting.push_back(packed(point));
  Json parents = Json::array();
  for (const Parent& parent : parents_) parents.push_back({packed(parent.point), parent.utility});
  return Json{
      {"proposed", proposed_.save()}, {"waiting", waiting}, {"open", open_}, {"parents", parents}}
      .dump();
}

void Spos::load(std::string_view bytes) {
  const Choices& choices = context_.space.choices();
  const Json json = Json::parse(bytes);
  proposed_.load(json.at("proposed"));
  waiting_.clear();
  for (const Json& point : json.at("waiting")) waiting_.push_back(unpacked(choices, point));
  open_ = json.at("open").get<int64_t>();
  parents_.clear();
  for (const Json& item : json.at("parents")) {
    parents_.push_back({unpacked(choices, item.at(0)), item.at(1).get<double>()});
  }
}

}  // namespace

void describe(Section& section, SposOptions& options) {
  section.integer("population", options.population, {1, 100'000, ""}, "points of a generation");
  section.integer("parents", options.parents, {1, 100'000, ""},
                  "best points so far that parents are drawn from");
  section.integer("crossovers", options.crossovers, {0, 100'000, ""},
                  "of a generation, with two parents");
  section.integer("mutations", options.mutations, {0, 100'000, ""},
                  "of a generation, with one parent");
  section.real("mutation", options.mutation, {0, 1, ""},
               "probability that a mutation draws a choice anew");
  if (options.crossovers + options.mutations > options.population) {
    section.mistake("crossovers", "and mutations together are more than the population");
  }
}

std::unique_ptr<Controller> make_spos(const SposOptions& options, const SearchContext& context) {
  return std::make_unique<Spos>(options, context);
}

}  // namespace nas

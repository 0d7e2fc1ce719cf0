#include "controllers/local_search.hpp"

#include <deque>
#include <map>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/neighbours.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

class LocalSearch : public Controller {
 public:
  explicit LocalSearch(const SearchContext& context)
      : context_(context), proposed_(context.space.choices()) {}

  std::optional<Proposal> ask(int64_t number) override {
    climb();
    auto point = next_neighbour();
    if (!point) {
      RandomStream random(context_.seed, "local_search.start", static_cast<uint64_t>(number));
      point = proposed_.first_fresh(first_);
      if (!point) point = proposed_.fresh(random);
      if (!point) return std::nullopt;
      starts_.push_back(*point);
    }
    proposed_.add(*point);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override {
    if (!trial.point) return;
    told_[*trial.point] = {trial.number, finite_utility(context_.objectives.front(), trial)};
  }

  void warm_start(std::span<const Point> best_first) override {
    first_.assign(best_first.begin(), best_first.end());
  }

  std::string save() const override;
  void load(std::string_view bytes) override;

 private:
  struct Told {
    int64_t number = 0;
    std::optional<double> utility;  // nothing where the trial failed
  };

  void move_to(std::optional<Point> centre);
  bool next_start();
  bool step();
  /// Moves as far as the results known so far lead.
  void climb() {
    while (centre_ ? step() : next_start()) continue;
  }
  std::optional<Point> next_neighbour() const;

  SearchContext context_;
  ProposedPoints proposed_;
  std::vector<Point> first_;  // starts in place of random ones
  std::map<Point, Told> told_;
  std::deque<Point> starts_;  // not climbed from yet, oldest first
  std::optional<Point> centre_;
  std::vector<Point> neighbours_;  // of the centre, in the order that they are tried
};

void LocalSearch::move_to(std::optional<Point> centre) {
  centre_ = std::move(centre);
  neighbours_.clear();
  if (!centre_) return;
  const auto number = static_cast<uint64_t>(told_.at(*centre_).number);
  RandomStream random(context_.seed, "local_search.neighbours", number);
  neighbours_ = neighbours(context_.space.choices(), *centre_, random);
}

/// Climbs from the oldest start with a score; false where none has one yet.
bool LocalSearch::next_start() {
  for (auto start = starts_.begin(); start != starts_.end();) {
    const auto told = told_.find(*start);
    if (told == told_.end()) {
      ++start;
      continue;
    }
    if (told->second.utility) move_to(*start);
    start = starts_.erase(start);
    if (centre_) return true;
  }
  return false;
}

/// To the first better neighbour, or away from a local optimum; false where more must be tried.
bool LocalSearch::step() {
  const double here = *told_.at(*centre_).utility;
  bool all_told = true;
  for (const Point& neighbour : neighbours_) {
    const auto told = told_.find(neighbour);
    all_told = all_told && told != told_.end();
    if (told == told_.end() || !told->second.utility || *told->second.utility <= here) continue;
    move_to(Point(neighbour));
    return true;
  }
  if (all_told) move_to(std::nullopt);
  return all_told;
}

std::optional<Point> LocalSearch::next_neighbour() const {
  for (const Point& neighbour : neighbours_) {
    if (!proposed_.contains(neighbour)) return neighbour;
  }
  return std::nullopt;
}

std::string LocalSearch::save() const {
  Json told = Json::array();
  for (const auto& [point, result] : told_) {
    const Json utility = result.utility ? Json(*result.utility) : Json();
    told.push_back({packed(point), result.number, utility});
  }
  Json starts = Json::array();
  for (const Point& start : starts_) starts.push_back(packed(start));
  return Json{{"proposed", proposed_.save()},
              {"told", told},
              {"starts", starts},
              {"centre", centre_ ? packed(*centre_) : Json()}}
      .dump();
}

void LocalSearch::load(std::string_view bytes) {
  const Json json = Json::parse(bytes);
  const Choices& choices = context_.space.choices();
  proposed_.load(json.at("proposed"));
  told_.clear();
  for (const Json& item : json.at("told")) {
    Told told{item.at(1).get<int64_t>(), std::nullopt};
    if (!item.at(2).is_null()) told.utility = item.at(2).get<double>();
    told_[unpacked(choices, item.at(0))] = told;
  }
  starts_.clear();
  for (const Json& start : json.at("starts")) starts_.push_back(unpacked(choices, start));
  const Json& centre = json.at("centre");
  move_to(centre.is_null() ? std::nullopt : std::optional(unpacked(choices, centre)));
}

}  // namespace

void describe(Section&, LocalSearchOptions&) {}

std::unique_ptr<Controller> make_local_search(const LocalSearchOptions&,
                                              const SearchContext& context) {
  return std::make_unique<LocalSearch>(context);
}

}  // namespace nas

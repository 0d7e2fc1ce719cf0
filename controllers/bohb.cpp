#include "controllers/bohb.hpp"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "controllers/halving_search.hpp"
#include "controllers/history.hpp"
#include "controllers/hyperband.hpp"
#include "controllers/tpe_sampler.hpp"
#include "nas/config/section.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

/// The best 15 % are the good ones (the paper's q).
constexpr double kGoodShare = 0.15;

TpeOptions tpe_options(const BohbOptions& options, const SearchContext& context) {
  TpeOptions tpe;
  const auto choices = static_cast<int64_t>(context.space.choices().size());
  tpe.startup_trials = options.startup_trials > 0 ? options.startup_trials : choices + 2;
  tpe.candidates = options.candidates;
  tpe.gamma = kGoodShare;
  return tpe;
}

class BohbSampler : public PointSampler {
 public:
  BohbSampler(const BohbOptions& options, const SearchContext& context)
      : random_fraction_(options.random_fraction),
        context_(context),
        tpe_(tpe_options(options, context), context.space.choices(), context.seed, "bohb") {}

  Point propose(int64_t number) override {
    RandomStream random(context_.seed, "bohb.uniform", static_cast<uint64_t>(number));
    Point point = random.uniform() < random_fraction_ ? sample(context_.space.choices(), random)
                                                      : estimated(number);
    pending_.emplace(number, point);
    return point;
  }

  void tell(const Trial& trial) override {
    pending_.erase(trial.number);
    remember({*trial.point, finite_utility(context_.objectives.front(), trial), trial.budget});
  }

  std::string save() const override {
    Json pending = Json::array();
    for (const auto& [trial, point] : pending_) pending.push_back({trial, packed(point)});
    Json told = Json::array();
    for (const auto& [point, utility, budget] : told_) {
      told.push_back({packed(point), utility ? Json(*utility) : Json(nullptr), budget});
    }
    return Json{{"pending", pending}, {"told", told}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    const Choices& choices = context_.space.choices();
    for (const Json& item : json.at("pending")) {
      pending_.emplace(item.at(0).get<int64_t>(), unpacked(choices, item.at(1)));
    }
    for (const Json& item : json.at("told")) {
      Told told{unpacked(choices, item.at(0)), std::nullopt, item.at(2).get<Budget>()};
      if (!item.at(1).is_null()) told.utility = item.at(1).get<double>();
      remember(std::move(told));
    }
  }

 private:
  struct Told {
    Point point;
    std::optional<double> utility;  // none where the trial failed or was stopped
    Budget budget = 0;
  };

  Point estimated(int64_t number) const {
    std::vector<Point> pending;
    for (const auto& [trial, point] : pending_) pending.push_back(point);
    return tpe_.propose(number, pending);
  }

  void remember(Told told) {
    if (told.utility) {
      tpe_.add(told.point, {*told.utility}, told.budget);
    } else {
      tpe_.add_failed(told.point, told.budget);
    }
    told_.push_back(std::move(told));
  }

  double random_fraction_;
  SearchContext context_;
  TpeSampler tpe_;
  std::map<int64_t, Point> pending_;
  std::vector<Told> told_;
};

}  // namespace

void describe(Section& section, BohbOptions& options) {
  describe(section, static_cast<HalvingOptions&>(options));
  section.real("random_fraction", options.random_fraction, {0, 1, ""},
               "of the points that are uniform whatever was seen");
  section.integer("startup_trials", options.startup_trials, {0, 1'000'000, "trials"},
                  "of one budget before points follow from them; 0: two more than the choices");
  section.integer("candidates", options.candidates, {1, 1'000'000, "points"},
                  "drawn where results were good, of which the most promising is proposed");
}

std::unique_ptr<Controller> make_bohb(const BohbOptions& options, const SearchContext& context) {
  return make_halving_search(hyperband_brackets(options, context),
                             std::make_unique<BohbSampler>(options, context), context);
}

}  // namespace nas

#include "controllers/tpe.hpp"

#include <map>
#include <vector>

#include "controllers/history.hpp"
#include "nas/core/json.hpp"

namespace nas {
namespace {

class Tpe : public Controller {
 public:
  Tpe(const TpeOptions& options, const SearchContext& context)
      : context_(context), sampler_(options, context.space.choices(), context.seed, "tpe") {}

  std::optional<Proposal> ask(int64_t number) override {
    std::vector<Point> pending;
    for (const auto& [trial, point] : pending_) pending.push_back(point);
    Point point = sampler_.propose(number, pending);
    pending_.emplace(number, point);
    return Proposal{Job::evaluate, std::move(point)};
  }

  void tell(const Trial& trial) override {
    pending_.erase(trial.number);
    if (trial.point) remember({*trial.point, finite_utilities(context_.objectives, trial)});
  }

  std::string save() const override {
    Json pending = Json::array();
    for (const auto& [trial, point] : pending_) pending.push_back({trial, packed(point)});
    Json told = Json::array();
    for (const auto& [point, utilities] : told_) told.push_back({packed(point), utilities});
    return Json{{"pending", pending}, {"told", told}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    const Choices& choices = context_.space.choices();
    for (const Json& item : json.at("pending")) {
      pending_.emplace(item.at(0).get<int64_t>(), unpacked(choices, item.at(1)));
    }
    for (const Json& item : json.at("told")) {
      remember({unpacked(choices, item.at(0)), item.at(1).get<Utilities>()});
    }
  }

 private:
  struct Told {
    Point point;
    Utilities utilities;  // empty where it failed
  };

  void remember(Told told) {
    if (told.utilities.empty()) {
      sampler_.add_failed(told.point);
    } else {
      sampler_.add(told.point, told.utilities);
    }
    told_.push_back(std::move(told));
  }

  SearchContext context_;
  TpeSampler sampler_;
  std::map<int64_t, Point> pending_;
  std::vector<Told> told_;
};

}  // namespace

std::unique_ptr<Controller> make_tpe(const TpeOptions& options, const SearchContext& context) {
  return std::make_unique<Tpe>(options, context);
}

}  // namespace nas

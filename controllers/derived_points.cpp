#include "controllers/derived_points.hpp"

#include <algorithm>
#include <vector>

#include "nas/core/json.hpp"

namespace nas {
namespace {

class DerivedPoints : public Controller {
 public:
  DerivedPoints(int64_t supernets, const SearchContext& context)
      : supernets_(supernets), context_(context) {}

  std::optional<Proposal> ask(int64_t number) override {
    if (number < supernets_) return Proposal{Job::supernet, std::nullopt};
    if (proposed_ == derived_.size()) return std::nullopt;
    return Proposal{Job::evaluate, derived_[proposed_++]};
  }

  void tell(const Trial& trial) override {
    if (trial.job != Job::supernet || !trial.point) return;
    if (std::find(derived_.begin(), derived_.end(), *trial.point) == derived_.end()) {
      derived_.push_back(*trial.point);
    }
  }

  std::string save() const override {
    Json points = Json::array();
    for (const auto& point : derived_) points.push_back(to_json(context_.space.choices(), point));
    return Json{{"derived", points}, {"proposed", proposed_}}.dump();
  }

  void load(std::string_view bytes) override {
    const Json json = Json::parse(bytes);
    derived_.clear();
    for (const auto& point : json.at("derived")) {
      derived_.push_back(point_from_json(context_.space.choices(), point));
    }
    proposed_ = json.at("proposed").get<size_t>();
  }

 private:
  int64_t supernets_;
  SearchContext context_;
  std::vector<Point> derived_;
  size_t proposed_ = 0;
};

}  // namespace

std::unique_ptr<Controller> make_derived_points(int64_t supernets, const SearchContext& context) {
  return std::make_unique<DerivedPoints>(supernets, context);
}

}  // namespace nas

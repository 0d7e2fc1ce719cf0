#include "controllers/new_points.hpp"

#include <string>
#include <utility>

#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/search/sampling.hpp"

namespace nas {
namespace {

constexpr int64_t kLargeSpace = 1'000'000'000;

bool is_small(const Choices& choices) {
  const auto size = count(choices);
  return size && *size < kLargeSpace;
}

}  // namespace

NewPoints::NewPoints(std::unique_ptr<PointSampler> sampler, const SearchContext& context)
    : sampler_(std::move(sampler)),
      context_(context),
      remembers_(is_small(context.space.choices())),
      proposed_(context.space.choices()) {}

void NewPoints::start_with(std::span<const Point> best_first) {
  first_.assign(best_first.begin(), best_first.end());
}

std::optional<Point> NewPoints::next(int64_t number) {
  if (static_cast<size_t>(given_) < first_.size()) {
    const Point& point = first_[static_cast<size_t>(given_++)];
    if (remembers_) proposed_.add(point);
    return point;
  }
  auto point = chosen(number);
  if (point && remembers_) proposed_.add(*point);
  return point;
}

std::optional<Point> NewPoints::chosen(int64_t number) const {
  Point point = sampler_->propose(number);
  if (!remembers_ || !proposed_.contains(point)) return point;
  RandomStream random(context_.seed, "new_points.fresh", static_cast<uint64_t>(number));
  return proposed_.fresh(random);
}

Json NewPoints::save() const {
  return {{"given", given_}, {"proposed", proposed_.save()}, {"sampler", sampler_->save()}};
}

void NewPoints::load(const Json& json) {
  given_ = json.at("given").get<int64_t>();
  proposed_.load(json.at("proposed"));
  sampler_->load(json.at("sampler").get<std::string>());
}

}  // namespace nas

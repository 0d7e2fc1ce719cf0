#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "controllers/history.hpp"
#include "controllers/point_sampler.hpp"

namespace nas {

/// Points that were not proposed before: those of a screening first, then a sampler's. In a space
/// too large for chance to repeat one nothing is remembered.
class NewPoints {
 public:
  NewPoints(std::unique_ptr<PointSampler> sampler, const SearchContext& context);

  void start_with(std::span<const Point> best_first);
  /// For trial `number`; nothing once the space is exhausted.
  std::optional<Point> next(int64_t number);
  void tell(const Trial& trial) { sampler_->tell(trial); }

  Json save() const;
  void load(const Json& json);

 private:
  std::optional<Point> chosen(int64_t number) const;

  std::unique_ptr<PointSampler> sampler_;
  SearchContext context_;
  bool remembers_;
  std::vector<Point> first_;
  int64_t given_ = 0;  // of `first_`
  ProposedPoints proposed_;
};

}  // namespace nas

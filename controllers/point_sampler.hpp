#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "nas/search/controller.hpp"

namespace nas {

/// Chooses the points that a controller of budgets starts with.
class PointSampler {
 public:
  virtual ~PointSampler() = default;

  /// For trial `number`, by which its random numbers are keyed. May be a point proposed before.
  virtual Point propose(int64_t number) = 0;
  /// A trial that ended, in trial order, whatever its budget.
  virtual void tell(const Trial& /*trial*/) {}

  /// The whole state as bytes.
  virtual std::string save() const { return ""; }
  virtual void load(std::string_view /*bytes*/) {}
};

/// Uniform over the choices, whatever it is told.
std::unique_ptr<PointSampler> make_uniform_sampler(const SearchContext& context);

}  // namespace nas

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "nas/config/component.hpp"
#include "nas/core/json_fwd.hpp"
#include "nas/plan/network.hpp"
#include "nas/search/choice.hpp"

namespace nas {

/// What can be chosen within one cell: a part that keeps the shape of its input, for spaces that
/// stack it. Immutable after construction.
class CellSpace {
 public:
  virtual ~CellSpace() = default;

  virtual const Choices& choices() const = 0;
  /// As of a Space; without spaces.
  virtual std::string text(const Point& point) const = 0;
  virtual Point parse(std::string_view text) const = 0;
  virtual std::string canonical(const Point& point) const = 0;

  /// [N, channels, H, W] -> [N, channels, H, W]
  virtual NetworkPlan cell(const Point& point, int64_t channels) const = 0;
  /// One cell of Space::drawing().
  virtual Json drawing(const Point& point) const = 0;
};

/// Every kind of cell by name. A new one is one file pair and one row.
Registry<CellSpace> cell_registry();

}  // namespace nas

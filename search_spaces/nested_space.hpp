#pragma once

#include "nas/search/elastic.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// A space whose choices list their options from the smallest to the largest and whose largest
/// network has the weights of all others, each under the same name and as large or larger: weights
/// are shared by slicing those of the largest.
class NestedSpace : public Space {
 public:
  std::optional<NetworkPlan> shared_network() const final {
    return network(ElasticChoices(choices()).largest());
  }
  std::optional<NetworkPlan> subnetwork(const Point& point) const final { return network(point); }
};

}  // namespace nas

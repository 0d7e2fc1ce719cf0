#include "nas/search/space.hpp"

#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/path_network.hpp"

namespace nas {

Point Space::derive(const ArchitectureWeights&) const {
  throw RunError("space " + std::string(name()) + " has no supernet to derive from");
}

std::optional<NetworkPlan> Space::shared_network() const {
  auto plan = supernet();
  if (!plan) return std::nullopt;
  return std::move(plan->network);
}

std::optional<NetworkPlan> Space::subnetwork(const Point& point) const {
  const auto plan = supernet();
  const auto chosen = path(point);
  if (!plan || !chosen) return std::nullopt;
  return path_network(*plan, *chosen, task().input);
}

Json Space::drawing(const Point&) const { return {{"cells", Json::array()}}; }

std::string canonical_hash(const Space& space, const Point& point) {
  return sha256(space.canonical(point)).substr(0, 16);
}

}  // namespace nas

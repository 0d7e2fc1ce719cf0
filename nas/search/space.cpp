#include "nas/search/space.hpp"

#include "nas/core/error.hpp"
#include "nas/core/hash.hpp"
#include "nas/core/json.hpp"

namespace nas {

Point Space::derive(const ArchitectureWeights&) const {
  throw RunError("space " + std::string(name()) + " has no supernet to derive from");
}

Json Space::drawing(const Point&) const { return {{"cells", Json::array()}}; }

std::string canonical_hash(const Space& space, const Point& point) {
  return sha256(space.canonical(point)).substr(0, 16);
}

}  // namespace nas

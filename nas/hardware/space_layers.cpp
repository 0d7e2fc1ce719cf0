#include "nas/hardware/space_layers.hpp"

#include <cstdint>
#include <limits>
#include <map>

#include "nas/search/sampling.hpp"

namespace nas {
namespace {

constexpr int64_t kMostToEnumerate = 4096;
constexpr int64_t kPatience = 2000;

}  // namespace

std::vector<TimedLayer> layers_of(const Space& space) {
  const auto size = count(space.choices());
  const bool all = size && *size <= kMostToEnumerate;
  const int64_t most = all ? *size : std::numeric_limits<int64_t>::max();
  std::map<LatencyKey, TimedLayer> found;
  int64_t last_new = 0;
  for (int64_t i = 0; i < most && (all || i - last_new <= kPatience); ++i) {
    RandomStream random(0, "layers of a space", static_cast<uint64_t>(i));
    const auto plan =
        space.network(all ? point_at(space.choices(), i) : sample(space.choices(), random));
    if (!plan) return {};
    for (auto& layer : timed_layers(*plan, space.task().input)) {
      if (found.emplace(layer.key(), std::move(layer)).second) last_new = i;
    }
  }
  std::vector<TimedLayer> layers;
  layers.reserve(found.size());
  for (auto& [key, layer] : found) layers.push_back(std::move(layer));
  return layers;
}

}  // namespace nas

#include "nas/search/compression.hpp"

#include "nas/search/sampling.hpp"

namespace nas {

std::optional<Compression> compression_of(const Space& space, const Point& point) {
  for (const auto& [name, value] : space.settings(point)) {
    if (name == kCompression) return compression_from_text(value);
  }
  return std::nullopt;
}

bool compresses(const Space& space) {
  RandomStream random(0, "compression.of");
  return compression_of(space, sample(space.choices(), random)).has_value();
}

Settings training_settings(const Space& space, const Point& point) {
  Settings settings = space.settings(point);
  std::erase_if(settings, [](const auto& entry) { return entry.first == kCompression; });
  return settings;
}

}  // namespace nas

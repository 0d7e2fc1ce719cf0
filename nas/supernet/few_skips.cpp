#include "nas/supernet/few_skips.hpp"

#include <algorithm>
#include <string>

#include "nas/supernet/architecture_record.hpp"

namespace nas {
namespace {

/// Choices of the group's cells are named after it.
Choices choices_of(const Choices& all, const std::string& group) {
  Choices own = all;
  for (Choice& choice : own) {
    if (!choice.name.starts_with(group)) choice.domain = Categorical{};
  }
  return own;
}

}  // namespace

Point derive_with_few_skips(const Space& space, const std::vector<ArchitectureGroup>& groups,
                            ArchitectureWeights probabilities, int64_t most) {
  Point point = space.derive(probabilities);
  if (most < 0) return point;
  const auto& options = groups.front().options;
  const auto skip = std::find(options.begin(), options.end(), "skip_connect") - options.begin();
  const Choices cell = choices_of(space.choices(), groups.front().name);
  const auto width = static_cast<std::ptrdiff_t>(options.size());
  while (count_skips(cell, point) > most) {
    auto least = probabilities.front().end();
    for (auto row = probabilities.front().begin(); row != probabilities.front().end();
         row += width) {
      const auto chosen = row + skip;
      const bool largest = std::none_of(row, row + width, [&](double p) { return p > *chosen; });
      if (*chosen > 0 && largest && (least == probabilities.front().end() || *chosen < *least)) {
        least = chosen;
      }
    }
    if (least == probabilities.front().end()) break;
    *least = 0;
    point = space.derive(probabilities);
  }
  return point;
}

}  // namespace nas

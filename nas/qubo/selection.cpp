#include "nas/qubo/selection.hpp"

#include <fmt/core.h>

#include "nas/core/error.hpp"

namespace nas {

QuadraticModel selection_model(const Candidates& candidates, const SelectionOptions& options) {
  const auto count = static_cast<int64_t>(candidates.scores.size());
  if (options.chosen < 1 || options.chosen > count) {
    throw UsageError(fmt::format("found {} to choose, expected 1 to {}", options.chosen, count));
  }
  QuadraticModel model;
  model.meaning.chosen = options.chosen;
  for (size_t i = 0; i < candidates.scores.size(); ++i) {
    model.add_variable(candidates.names[i], -candidates.scores[i]);
  }
  const double weight = 2 * options.redundancy / static_cast<double>(options.chosen);
  for (size_t i = 0; i < candidates.scores.size(); ++i) {
    for (size_t j = 0; j < i; ++j) {
      const double shared = candidates.redundancy[i][j];
      if (shared == 0) continue;
      model.add(static_cast<int64_t>(j), static_cast<int64_t>(i), weight * shared);
    }
  }
  return model;
}

}  // namespace nas

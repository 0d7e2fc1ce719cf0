#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/core/random.hpp"

namespace nas {

/// Probabilities of the options of independent choices, which follow the better half of ranked
/// draws (the family of population-based incremental learning, Baluja 1994); no option's falls
/// below a margin, so that none is lost for good.
class OptionShares {
 public:
  /// `counts` options of each choice, all alike at first; `population` draws make an update.
  OptionShares(const std::vector<int64_t>& counts, int64_t population);

  /// An option of each choice.
  std::vector<int64_t> draw(RandomStream& random) const;
  /// `ranked`: draws, the best first.
  void update(std::span<const std::vector<int64_t>> ranked);

  Json save() const;
  void load(const Json& json);

 private:
  std::vector<double> weights_;              // of ranks, better half
  double rate_ = 0;                          // part of a share that an update replaces
  double margin_ = 0;                        // divided by the options of a choice
  std::vector<std::vector<double>> shares_;  // by choice
};

}  // namespace nas

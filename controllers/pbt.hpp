#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

struct PbtOptions {
  int64_t population = 20;
  /// Units of the evaluator (epochs) between two comparisons of the members.
  double interval = 1;
  /// 0: the evaluator's own, or 81 where it has none.
  double max_budget = 0;
  /// Share of the members that are replaced, by ones of the best as large a share.
  double truncation = 0.2;
  /// Probability that a choice of a replaced member is drawn anew, in place of being moved by
  /// `factor`.
  double resample = 0.25;
  double factor = 1.2;
  /// Names of the choices that may change during a training; empty: all that are not the network's.
  std::vector<std::string> explore;
};

void describe(Section& section, PbtOptions& options);

/// Population based training, Jaderberg et al. 2017, with truncation selection. A member goes on
/// once the results that it is compared with, those of as much budget, are there as far as they
/// were told; a trial is one interval of one member, so that `continues` tells the schedule that
/// was found.
std::unique_ptr<Controller> make_pbt(const PbtOptions& options, const SearchContext& context);

}  // namespace nas

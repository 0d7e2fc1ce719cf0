#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "nas/search/controller.hpp"

namespace nas {

class Section;

/// `warm_start:` of a controller.
struct WarmStartOptions {
  /// The figure of a screened point that ranks it; larger is better.
  std::string metric = "synflow";
  int64_t points = 100;
};

/// Reads `points`; what `metric` may be, the part that scores knows.
void describe(Section& section, WarmStartOptions& options);

/// The controller after a screening (Abdelfattah et al. 2021, section 5): the first `points` trials
/// are Job::screen of uniform points; once all are told the controller gets their ranking
/// (Controller::warm_start) and then proposes and hears as if its trials were the first, numbered
/// from 0.
std::unique_ptr<Controller> make_warm_start(std::unique_ptr<Controller> controller,
                                            const WarmStartOptions& options,
                                            const SearchContext& context);

}  // namespace nas

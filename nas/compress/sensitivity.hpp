#pragma once

#include <functional>
#include <vector>

#include "nas/plan/channel_coupling.hpp"

namespace nas {

/// By unit, to be compared as they are: by how much the loss grows when the unit goes, and with it
/// those of its group that have lower `scores` (the sensitivity of layers: Han et al. 2015, Li et
/// al. 2017). `loss_without` is measured with a quarter, half and three quarters of one group gone;
/// between these, and after them, the growth is taken to be even. Units that are not kept get 0.
std::vector<double> sensitivity_scores(const ChannelCoupling& coupling, const KeptUnits& now,
                                       const std::vector<double>& scores,
                                       const std::function<double(const KeptUnits&)>& loss_without);

}  // namespace nas

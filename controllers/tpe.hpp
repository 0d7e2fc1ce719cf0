#pragma once

#include <memory>

#include "controllers/tpe_sampler.hpp"
#include "nas/search/controller.hpp"

namespace nas {

/// Tree-structured Parzen estimator (Bergstra et al. 2011; with several objectives Ozaki et al.
/// 2020) over any choices: TpeSampler, with trials under way as its pending points.
std::unique_ptr<Controller> make_tpe(const TpeOptions& options, const SearchContext& context);

}  // namespace nas

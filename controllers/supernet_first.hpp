#pragma once

#include <memory>

#include "nas/search/controller.hpp"

namespace nas {

/// Makes any searcher one over shared weights: trial 0 trains them (Job::supernet), and `inner`
/// sees the trials that follow as if that one were not, counted from 0. Nothing is proposed until
/// the weights are there, nor ever after where their training failed.
std::unique_ptr<Controller> make_supernet_first(std::unique_ptr<Controller> inner);

}  // namespace nas

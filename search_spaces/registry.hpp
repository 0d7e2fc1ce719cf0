#pragma once

#include "nas/config/component.hpp"
#include "nas/plan/network.hpp"
#include "nas/search/space.hpp"

namespace nas {

/// Every kind of space by name. A new one is one file pair and one row.
Registry<Space, TaskShape> space_registry();

}  // namespace nas

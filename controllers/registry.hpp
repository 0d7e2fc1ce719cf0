#pragma once

#include <memory>

#include "controllers/ppo.hpp"
#include "controllers/reinforce.hpp"
#include "nas/config/component.hpp"
#include "nas/search/controller.hpp"

namespace nas {

/// Makers of the controllers that need LibTorch; null in a program without it.
struct TensorControllers {
  std::unique_ptr<Controller> (*reinforce)(const ReinforceOptions&, const SearchContext&) = nullptr;
  std::unique_ptr<Controller> (*ppo)(const PpoOptions&, const SearchContext&) = nullptr;
};

/// Every searcher by name. A new one is one file pair and one row.
Registry<Controller, const SearchContext&> controller_registry(const TensorControllers& tensor);

}  // namespace nas

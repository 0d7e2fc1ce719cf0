#pragma once

#include <span>
#include <string>

#include "nas/search/space.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// A line a trial behind one of names: number, state, seconds, error, architecture, then choices as
/// `point.<name>` and metrics; empty where a trial has none. Quoted as RFC 4180 says.
std::string trials_csv(const Space& space, std::span<const Trial> trials);

}  // namespace nas

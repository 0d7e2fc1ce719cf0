#pragma once

#include <functional>

#include "nas/search/choice.hpp"

namespace nas {

/// Each choice from `a` where `from_a`, asked once a choice in their order, says so, else from `b`;
/// from the other one where only that has it active.
Point crossed(const Choices& choices, const Point& a, const Point& b,
              const std::function<bool()>& from_a);

}  // namespace nas

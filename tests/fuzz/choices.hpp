#pragma once

#include "nas/search/choice.hpp"

namespace nas::fuzz {

/// One choice of each kind.
inline Choices one_of_each() {
  return {{"op", Categorical{{"a", "b"}}, std::nullopt},
          {"size", Categorical{{"16", "32"}, true, {16, 32}}, std::nullopt},
          {"width", IntegerInterval{1, 9}, Condition{0, {1}}},
          {"rate", RealInterval{0, 1}, std::nullopt}};
}

}  // namespace nas::fuzz

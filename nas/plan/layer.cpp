#include "nas/plan/layer.hpp"

#include "nas/plan/network.hpp"

namespace nas {

bool Mixed::operator==(const Mixed& other) const {
  return group == other.group && row == other.row && part == other.part && options == other.options;
}

}  // namespace nas

#include "nas/plan/layer.hpp"

#include "nas/plan/network.hpp"

namespace nas {

bool Mixed::operator==(const Mixed& other) const {
  return group == other.group && row == other.row && options == other.options;
}

}  // namespace nas

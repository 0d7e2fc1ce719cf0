#include "nas/core/clock.hpp"

#include <chrono>

namespace nas {
namespace {

template <class Clock>
double seconds_of() {
  return std::chrono::duration<double>(Clock::now().time_since_epoch()).count();
}

}  // namespace

double steady_seconds() { return seconds_of<std::chrono::steady_clock>(); }

double wall_seconds() { return seconds_of<std::chrono::system_clock>(); }

}  // namespace nas

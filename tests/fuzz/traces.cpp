#include "nas/cooling/load_trace.hpp"
#include "nas/cooling/weather.hpp"
#include "tests/fuzz/targets.hpp"

namespace nas::fuzz {

/// Weather or a hall's load by the first byte.
void traces(std::string_view input) {
  const bool weather = take_byte(input) % 2 == 0;
  taken([&] {
    if (weather) {
      read_epw(input, "fuzz");
    } else {
      read_load_trace(input, "fuzz");
    }
  });
}

}  // namespace nas::fuzz

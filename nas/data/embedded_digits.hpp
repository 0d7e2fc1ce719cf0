#pragma once

#include <cstdint>
#include <span>

namespace nas {

/// third_party/digits/digits.csv.gz, built into the program.
std::span<const uint8_t> embedded_digits();

}  // namespace nas

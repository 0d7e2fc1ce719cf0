#pragma once

#include <optional>
#include <string_view>

namespace nas {

/// What a number with a unit measures.
enum class Dimension { count, time, memory, energy };

std::string_view to_text(Dimension dimension);

/// In seconds, bytes or joules; a number without a unit is a count.
struct Quantity {
  double value = 0;
  Dimension dimension = Dimension::count;
};

/// 5ms, 20us, 1.5s; 64B, 256KB, 1GB (powers of 1000), 256KiB, 4MiB, 1GiB (powers of 1024); 2mJ,
/// 30uJ, 1J; 1.5, 300k, 1M, 2G (powers of 1000). Nothing where the text is none of these.
std::optional<Quantity> parse_quantity(std::string_view text);

}  // namespace nas

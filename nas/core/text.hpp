#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nas {

/// The candidate that differs from `name` by the fewest inserted, deleted, replaced or swapped
/// characters; empty where none is near (more than a third of the name differs, at least 2).
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

/// Text from outside, fit for one line of a terminal: control characters as \x1b, and at most 200
/// bytes of it.
std::string printable(std::string_view text);

/// 1234567 -> "1.23M"
std::string format_count(int64_t count);
/// 0.00123 -> "1.23 ms"; 4.2 -> "4.2 s"; 3e-07 -> "0.3 us"
std::string format_short_time(double seconds);
/// 3725 -> "1 h 2 min"; 4.2 -> "4.2 s"
std::string format_duration(double seconds);

}  // namespace nas

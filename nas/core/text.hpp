#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace nas {

/// The candidate that differs from `name` by the fewest inserted, deleted, replaced or swapped
/// characters; empty where none is near (more than a third of the name differs, at least 2).
std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates);

/// Length in bytes of the UTF-8 character at the beginning of `text`; 0 where it is none (RFC
/// 3629).
size_t utf8_length(std::string_view text);

/// How many bytes of `text` stand before the first that is no UTF-8; all where none is.
size_t utf8_prefix(std::string_view text);

/// Text from outside, fit for one line of a terminal and for JSON: control characters, and bytes
/// that are no UTF-8, as \x1b, and at most 200 bytes of it.
std::string printable(std::string_view text);

/// A metric beside others of its kind: with so many decimals, or significant digits where those
/// would not show it (94.25, 0.001234, 1.2e+20).
std::string format_score(double value, int decimals);
/// 1234567 -> "1.23M"
std::string format_count(int64_t count);
/// 0.00123 -> "1.23 ms"; 4.2 -> "4.2 s"; 3e-07 -> "0.3 us"
std::string format_short_time(double seconds);
/// 3725 -> "1 h 2 min"; 4.2 -> "4.2 s"
std::string format_duration(double seconds);

}  // namespace nas

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nas {

/// Our own reading of scalars, so that nothing depends on YAML 1.1's rules (`no`, `010`). Nothing
/// where the text is not of the type.
std::optional<bool> parse_boolean(std::string_view text);
/// 1000, -3, 1e6, 32K, 1.5M, 2G (powers of 1000); whole numbers only.
std::optional<int64_t> parse_integer(std::string_view text);
/// Finite decimal numbers.
std::optional<double> parse_real(std::string_view text);
/// 90, 90s, 10m, 2h, 1d in seconds.
std::optional<double> parse_duration(std::string_view text);

/// Shortest decimal text that reads back as the same number.
std::string real_text(double value);

}  // namespace nas

#include "nas/config/scalar.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>
#include <utility>

namespace nas {
namespace {

/// Suffixes of counts as decimal exponents: so read, 1.001K is exactly 1001.
constexpr std::array<std::pair<char, std::string_view>, 4> kCounts{
    {{'K', "e3"}, {'k', "e3"}, {'M', "e6"}, {'G', "e9"}}};
constexpr std::array<std::pair<char, double>, 4> kDurations{
    {{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};

std::optional<double> parse_count(std::string_view text) {
  for (const auto& [letter, exponent] : kCounts) {
    if (!text.ends_with(letter)) continue;
    text.remove_suffix(1);
    return parse_real(std::string(text) + std::string(exponent));
  }
  return parse_real(text);
}

}  // namespace

std::optional<bool> parse_boolean(std::string_view text) {
  if (text == "true") return true;
  if (text == "false") return false;
  return std::nullopt;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  int64_t whole = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), whole);
  if (error == std::errc() && end == text.data() + text.size()) return whole;
  const auto number = parse_count(text);
  // Beyond 2^53 a double no longer holds every whole number.
  if (!number || std::abs(*number) > 0x1p53 || std::nearbyint(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<int64_t>(*number);
}

std::optional<double> parse_real(std::string_view text) {
  if (text.starts_with('+') && !text.starts_with("+-")) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> parse_duration(std::string_view text) {
  double factor = 1;
  for (const auto& [letter, seconds] : kDurations) {
    if (!text.ends_with(letter)) continue;
    factor = seconds;
    text.remove_suffix(1);
    break;
  }
  const auto number = parse_real(text);
  // The product may overflow where the number did not.
  if (!number || !std::isfinite(*number * factor)) return std::nullopt;
  return *number * factor;
}

std::string real_text(double value) { return fmt::format("{}", value); }

}  // namespace nas

#include "nas/config/scalar.hpp"

#include <fmt/core.h>

#include <array>
#include <charconv>
#include <cmath>

namespace nas {
namespace {

struct Suffix {
  char letter;
  double factor;
};

constexpr std::array<Suffix, 4> kCounts{{{'K', 1e3}, {'k', 1e3}, {'M', 1e6}, {'G', 1e9}}};
constexpr std::array<Suffix, 4> kDurations{{{'s', 1}, {'m', 60}, {'h', 3600}, {'d', 86400}}};

/// A number with one of the suffixes, or without.
template <size_t N>
std::optional<double> parse_with_suffix(std::string_view text, const std::array<Suffix, N>& table) {
  double factor = 1;
  for (const auto& suffix : table) {
    if (!text.empty() && text.back() == suffix.letter) {
      factor = suffix.factor;
      text.remove_suffix(1);
      break;
    }
  }
  const auto number = parse_real(text);
  return number ? std::optional(*number * factor) : std::nullopt;
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
  const auto number = parse_with_suffix(text, kCounts);
  // Beyond 2^53 a double no longer holds every whole number.
  if (!number || std::abs(*number) > 0x1p53 || std::nearbyint(*number) != *number) {
    return std::nullopt;
  }
  return static_cast<int64_t>(*number);
}

std::optional<double> parse_real(std::string_view text) {
  if (text.starts_with('+')) text.remove_prefix(1);
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value)) {
    return std::nullopt;
  }
  return value;
}

std::optional<double> parse_duration(std::string_view text) {
  return parse_with_suffix(text, kDurations);
}

std::string real_text(double value) { return fmt::format("{}", value); }

}  // namespace nas

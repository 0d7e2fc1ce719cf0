#include "nas/core/text.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace nas {
namespace {

/// Optimal string alignment distance.
size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<size_t>> cost(a.size() + 1, std::vector<size_t>(b.size() + 1));
  for (size_t i = 0; i <= a.size(); ++i) cost[i][0] = i;
  for (size_t j = 0; j <= b.size(); ++j) cost[0][j] = j;
  for (size_t i = 1; i <= a.size(); ++i) {
    for (size_t j = 1; j <= b.size(); ++j) {
      cost[i][j] = std::min({cost[i - 1][j] + 1, cost[i][j - 1] + 1,
                             cost[i - 1][j - 1] + (a[i - 1] == b[j - 1] ? 0U : 1U)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        cost[i][j] = std::min(cost[i][j], cost[i - 2][j - 2] + 1);
      }
    }
  }
  return cost[a.size()][b.size()];
}

}  // namespace

std::string_view nearest(std::string_view name, std::span<const std::string_view> candidates) {
  std::string_view best;
  const size_t limit = std::max<size_t>(2, name.size() / 3);
  size_t smallest = limit + 1;
  for (const auto candidate : candidates) {
    const size_t longer = std::max(name.size(), candidate.size());
    if (longer - std::min(name.size(), candidate.size()) > limit)
      continue;  // cannot be near, and may be too long to compare
    const size_t distance = edit_distance(name, candidate);
    if (distance < smallest) {
      smallest = distance;
      best = candidate;
    }
  }
  return best;
}

size_t utf8_length(std::string_view text) {
  const auto byte = [&](size_t i) {
    return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t{0};
  };
  const auto is_tail = [&](size_t i) { return (byte(i) & 0xC0) == 0x80; };
  const uint8_t first = byte(0);
  if (first < 0x80) return text.empty() ? 0 : 1;
  if (first >= 0xC2 && first < 0xE0) return is_tail(1) ? 2 : 0;
  if (first >= 0xE0 && first < 0xF0) {
    const bool overlong = first == 0xE0 && byte(1) < 0xA0;
    const bool surrogate = first == 0xED && byte(1) >= 0xA0;
    return is_tail(1) && is_tail(2) && !overlong && !surrogate ? 3 : 0;
  }
  const bool overlong = first == 0xF0 && byte(1) < 0x90;
  const bool beyond = first == 0xF4 && byte(1) >= 0x90;
  const bool four = first >= 0xF0 && first <= 0xF4 && !overlong && !beyond;
  return four && is_tail(1) && is_tail(2) && is_tail(3) ? 4 : 0;
}

size_t utf8_prefix(std::string_view text) {
  size_t count = 0;
  while (const size_t length = utf8_length(text.substr(count))) count += length;
  return count;
}

std::string printable(std::string_view text) {
  constexpr size_t kLongest = 200;
  size_t end = std::min(text.size(), kLongest);
  // A character of several bytes stays whole.
  while (end < text.size() && end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) {
    --end;
  }
  std::string shown;
  for (size_t i = 0; i < end;) {
    const size_t length = utf8_length(text.substr(i, end - i));
    const auto byte = static_cast<unsigned char>(text[i]);
    if (length == 0 || byte < 0x20 || byte == 0x7F) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text.substr(i, length);
    }
    i += std::max<size_t>(length, 1);
  }
  return end < text.size() ? shown + "..." : shown;
}

std::string format_count(int64_t count) {
  const auto number = static_cast<double>(count);
  // Each limit is where rounding would show 1000 of the smaller unit.
  if (count >= 999'995'000) return fmt::format("{:.2f}G", number / 1e9);
  if (count >= 999'950) return fmt::format("{:.2f}M", number / 1e6);
  if (count >= 10'000) return fmt::format("{:.1f}K", number / 1e3);
  return fmt::format("{}", count);
}

std::string format_score(double value, int decimals) {
  constexpr double kLong = 1e6;
  const double size = std::abs(value);
  if (value == 0 || (size >= 1 && size < kLong)) return fmt::format("{:.{}f}", value, decimals);
  return fmt::format("{:.{}g}", value, decimals + 1);
}

std::string format_short_time(double seconds) {
  if (seconds >= 0.9995) return fmt::format("{:.4g} s", seconds);
  if (seconds >= 0.9995e-3) return fmt::format("{:.4g} ms", seconds * 1e3);
  return fmt::format("{:.4g} us", seconds * 1e6);
}

std::string format_duration(double seconds) {
  if (seconds < 59.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<int64_t>(std::lround(seconds));
  const int64_t minutes = whole / 60;
  if (minutes < 60) return fmt::format("{} min {} s", minutes, whole % 60);
  if (minutes < 2880) return fmt::format("{} h {} min", minutes / 60, minutes % 60);
  return fmt::format("{} d {} h", minutes / 1440, minutes / 60 % 24);
}

}  // namespace nas

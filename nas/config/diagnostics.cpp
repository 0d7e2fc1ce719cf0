#include "nas/config/diagnostics.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <limits>
#include <set>
#include <string_view>
#include <tuple>

#include "nas/core/text.hpp"

namespace nas {

void Diagnostics::add(const Mark& mark, const std::string& origin, const std::string& key,
                      const std::string& problem) {
  const std::string place =
      origin.empty() ? fmt::format("{}:{}:{}", name_, mark.line, mark.column) : printable(origin);
  const std::string subject = key.empty() ? "" : printable(key) + ": ";
  const Mark last{std::numeric_limits<int64_t>::max(), 0};
  const Mark order = origin.empty() ? mark : last;
  entries_.push_back({order, fmt::format("{}: {}{}", place, subject, problem)});
}

std::vector<std::string> Diagnostics::lines() const {
  auto sorted = entries_;
  std::stable_sort(sorted.begin(), sorted.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.mark.line, a.mark.column) < std::tie(b.mark.line, b.mark.column);
  });
  std::vector<std::string> lines;
  std::set<std::string_view> seen;
  for (const auto& entry : sorted) {
    if (seen.insert(entry.text).second) lines.push_back(entry.text);
  }
  return lines;
}

}  // namespace nas

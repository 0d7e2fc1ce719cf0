#include "nas/search/constraint.hpp"

#include <fmt/core.h>

#include "nas/config/scalar.hpp"
#include "nas/config/section.hpp"
#include "nas/core/error.hpp"
#include "nas/core/text.hpp"

namespace nas {
namespace {

std::string_view trimmed(std::string_view text) {
  const size_t begin = text.find_first_not_of(" \t");
  if (begin == text.npos) return {};
  return text.substr(begin, text.find_last_not_of(" \t") - begin + 1);
}

/// Counts may have a suffix, other numbers a fraction.
std::optional<double> number_of(std::string_view text) {
  if (const auto real = parse_real(text)) return real;
  const auto count = parse_integer(text);
  return count ? std::optional(static_cast<double>(*count)) : std::nullopt;
}

}  // namespace

Constraint constraint_from_text(std::string_view text) {
  const auto fail = [&] {
    throw InputError(
        fmt::format("found '{}', expected METRIC <= NUMBER or METRIC >= NUMBER, like "
                    "parameters <= 1.5M",
                    printable(text)));
  };
  Constraint constraint;
  size_t sign = text.find("<=");
  if (sign == text.npos) {
    sign = text.find(">=");
    constraint.bound = Bound::at_least;
  }
  if (sign == text.npos) fail();
  constraint.metric = trimmed(text.substr(0, sign));
  const auto limit = number_of(trimmed(text.substr(sign + 2)));
  if (!limit || constraint.metric.empty() || constraint.metric.find(' ') != std::string::npos) {
    fail();
  }
  constraint.limit = *limit;
  return constraint;
}

void describe(Section& section, Constraints& constraints) {
  std::vector<std::string> texts;
  section.texts(
      "constraints", texts,
      "what a candidate must keep, like parameters <= 1M; one that does not is not tried");
  for (const auto& text : texts) {
    try {
      constraints.push_back(constraint_from_text(text));
    } catch (const InputError& error) {
      section.mistake("constraints", error.what());
    }
  }
}

std::optional<std::string> breach(const Constraint& constraint, const Metrics& metrics) {
  const auto found = metrics.find(constraint.metric);
  if (found == metrics.end()) return std::nullopt;
  const bool most = constraint.bound == Bound::at_most;
  if (most ? found->second <= constraint.limit : found->second >= constraint.limit) {
    return std::nullopt;
  }
  return fmt::format("{}: found {}, expected at {} {}", constraint.metric, found->second,
                     most ? "most" : "least", constraint.limit);
}

}  // namespace nas

#include "nas/search/constraint.hpp"

#include <fmt/core.h>

#include <array>
#include <utility>

#include "nas/config/quantity.hpp"
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

/// What the metrics that every network can have are counted or measured in.
constexpr std::array<std::pair<std::string_view, Dimension>, 8> kDimensions{
    {{"parameters", Dimension::count},
     {"multiply_adds", Dimension::count},
     {"weight_bytes", Dimension::memory},
     {"flash", Dimension::memory},
     {"ram", Dimension::memory},
     {"latency", Dimension::time},
     {"peak_memory", Dimension::memory},
     {"energy", Dimension::energy}}};

/// A plain number is always right, a unit only where it is one of the metric's.
void check_unit(std::string_view text, const std::string& metric, Dimension dimension) {
  for (const auto& [name, expected] : kDimensions) {
    if (name != metric || dimension == expected || dimension == Dimension::count) continue;
    throw InputError(fmt::format("found '{}', expected {} in the unit of {}", printable(text),
                                 to_text(expected), metric));
  }
}

}  // namespace

Constraint constraint_from_text(std::string_view text) {
  const auto fail = [&] {
    throw InputError(
        fmt::format("found '{}', expected METRIC <= NUMBER or METRIC >= NUMBER, like "
                    "parameters <= 1.5M or latency <= 5ms",
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
  const auto limit = parse_quantity(trimmed(text.substr(sign + 2)));
  if (!limit || constraint.metric.empty() || constraint.metric.find(' ') != std::string::npos) {
    fail();
  }
  check_unit(text, constraint.metric, limit->dimension);
  constraint.limit = limit->value;
  return constraint;
}

void describe(Section& section, Constraints& constraints) {
  std::vector<std::string> texts;
  section.texts(
      "constraints", texts,
      "what a candidate must keep, like parameters <= 1M or latency <= 5ms; one that does not is "
      "not tried");
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

std::optional<Failure> failure_by(const Constraints& constraints, const Metrics& metrics) {
  for (const auto& constraint : constraints) {
    if (auto reason = breach(constraint, metrics)) return Failure{"constraint", *reason};
  }
  return std::nullopt;
}

}  // namespace nas

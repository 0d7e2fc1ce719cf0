#include "tools/number_checks.hpp"

#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <functional>
#include <string>

namespace nas {
namespace {

CLI::Validator number_check(const char* name, const char* expected,
                            const std::function<bool(double)>& holds) {
  const auto problem = [=](const std::string& text) {
    double value = 0;
    const bool right = CLI::detail::lexical_cast(text, value) && holds(value);
    return right ? std::string() : fmt::format("found {}, expected {}", text, expected);
  };
  return CLI::Validator(problem, name);
}

}  // namespace

CLI::Validator positive_number() {
  return number_check("POSITIVE", "a number above 0", [](double value) { return value > 0; });
}

CLI::Validator nonnegative_number() {
  return number_check("NONNEGATIVE", "0 or more", [](double value) { return value >= 0; });
}

}  // namespace nas

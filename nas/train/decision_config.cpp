#include "nas/train/decision_config.hpp"

#include <array>
#include <charconv>
#include <cmath>
#include <string_view>
#include <utility>

#include "nas/config/section.hpp"
#include "nas/core/error.hpp"

namespace nas {
namespace {

using namespace std::string_view_literals;

constexpr std::array kClassWeights{std::pair{"none"sv, ClassWeights::none},
                                   std::pair{"balanced"sv, ClassWeights::balanced}};

std::vector<double> numbers_of(std::string_view row) {
  std::vector<double> numbers;
  const char* const end = row.data() + row.size();
  for (const char* at = row.data(); at != end;) {
    if (*at == ' ' || *at == ',') {
      ++at;
      continue;
    }
    double value = -1;
    const auto [next, error] = std::from_chars(at, end, value);
    if (error != std::errc() || !std::isfinite(value) || value < 0) {
      throw InputError("found '" + std::string(row) + "', expected costs of 0 or more: \"0 1\"");
    }
    numbers.push_back(value);
    at = next;
  }
  return numbers;
}

}  // namespace

CostMatrix parse_costs(const std::vector<std::string>& rows) {
  CostMatrix costs;
  for (const std::string& row : rows) {
    costs.push_back(numbers_of(row));
    if (costs.back().size() != rows.size()) {
      throw InputError("found " + std::to_string(costs.back().size()) + " costs in '" + row +
                       "', expected as many as there are rows, " + std::to_string(rows.size()));
    }
  }
  return costs;
}

void describe(Section& section, DecisionConfig& config) {
  section.one_of("class_weights", config.class_weights, kClassWeights,
                 "balanced: in the loss, classes weigh the same however many examples they have");
  section.texts("cost_matrix", config.cost_matrix,
                "a text a true class, in the classes' order: what deciding for each class costs, "
                "[\"0 1\", \"5 0\"]; gives the metric expected_cost");
  try {
    parse_costs(config.cost_matrix);
  } catch (const InputError& error) {
    section.mistake("cost_matrix", error.what());
  }
}

}  // namespace nas

#include "nas/qubo/penalty.hpp"

#include <algorithm>
#include <cmath>

namespace nas {
namespace {

/// D_i of the header.
std::vector<double> largest_changes(const QuadraticModel& model) {
  std::vector<double> rises = model.linear;
  std::vector<double> falls = model.linear;
  for (const auto& [pair, bias] : model.quadratic) {
    for (const int64_t end : {pair.first, pair.second}) {
      (bias > 0 ? rises : falls)[static_cast<size_t>(end)] += bias;
    }
  }
  std::vector<double> changes;
  for (size_t i = 0; i < rises.size(); ++i) changes.push_back(std::max({rises[i], -falls[i], 0.0}));
  return changes;
}

struct Changes {
  double largest = 0;
  double sum = 0;
};

Changes changes_of(const std::vector<double>& changes, const std::vector<int64_t>& variables) {
  Changes found;
  for (const int64_t variable : variables) {
    const double change = changes[static_cast<size_t>(variable)];
    found.largest = std::max(found.largest, change);
    found.sum += change;
  }
  return found;
}

bool depends_on(const OneOf& choice, const OneOf& other) {
  return std::any_of(choice.enabled_by.begin(), choice.enabled_by.end(), [&](const int64_t one) {
    return std::find(other.variables.begin(), other.variables.end(), one) != other.variables.end();
  });
}

/// strength (sum_i weight_i x_i + constant)^2.
void add_square(QuadraticModel& model, const std::vector<std::pair<int64_t, double>>& terms,
                double constant, double strength) {
  model.offset += strength * constant * constant;
  for (size_t i = 0; i < terms.size(); ++i) {
    const auto [variable, weight] = terms[i];
    model.add(variable, variable, strength * weight * (weight + 2 * constant));
    for (size_t j = 0; j < i; ++j) {
      model.add(variable, terms[j].first, 2 * strength * weight * terms[j].second);
    }
  }
}

}  // namespace

double sufficient_penalty(const QuadraticModel& model) {
  const std::vector<double> changes = largest_changes(model);
  const auto& choices = model.meaning.choices;
  double largest = 0;
  if (model.meaning.chosen > 0) largest = *std::max_element(changes.begin(), changes.end());
  // Choices depend on earlier ones, so going backwards those that depend on one are known.
  std::vector<double> sums(choices.size());
  for (size_t i = choices.size(); i-- > 0;) {
    const Changes own = changes_of(changes, choices[i].variables);
    sums[i] = own.sum;
    for (size_t j = i + 1; j < choices.size(); ++j) {
      if (depends_on(choices[j], choices[i])) sums[i] += sums[j];
    }
    largest = std::max(largest, sums[i] > own.sum ? sums[i] : own.largest);
  }
  return std::max(1.01 * largest, 1e-6);
}

void add_penalty(QuadraticModel& model, double strength) {
  for (const OneOf& choice : model.meaning.choices) {
    std::vector<std::pair<int64_t, double>> terms;
    for (const int64_t variable : choice.variables) terms.emplace_back(variable, 1);
    for (const int64_t variable : choice.enabled_by) terms.emplace_back(variable, -1);
    add_square(model, terms, choice.enabled_by.empty() ? -1 : 0, strength);
  }
  if (model.meaning.chosen == 0) return;
  std::vector<std::pair<int64_t, double>> terms;
  for (int64_t i = 0; i < model.size(); ++i) terms.emplace_back(i, 1);
  add_square(model, terms, -static_cast<double>(model.meaning.chosen), strength);
}

}  // namespace nas

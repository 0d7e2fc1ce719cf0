#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "nas/core/json_fwd.hpp"
#include "nas/report/fanova.hpp"
#include "nas/search/choice.hpp"
#include "nas/search/trial.hpp"

namespace nas {

/// A choice's value, and what a forest says of the metric there.
struct Dependence {
  std::string label;  // of an option; else empty
  double value = 0;   // the number, or the option's place in the list
  Spread metric;      // averaged over all other choices
};

struct ChoiceImportance {
  size_t choice = 0;
  double share = 0;  // of the variance, by itself
  std::vector<Dependence> curve;
};

struct PairImportance {
  size_t first = 0;
  size_t second = 0;
  double share = 0;  // of the variance, beyond what each explains by itself
};

/// What a metric depends on, by functional analysis of variance of a random forest.
struct Importance {
  std::string metric;
  int64_t trials = 0;
  /// How well the forest predicts trials it has not seen, see RegressionForest::explained. Where it
  /// is low the shares mean little.
  double explained = 0;
  std::vector<ChoiceImportance> choices;  // the most important first
  std::vector<PairImportance> pairs;      // likewise, those of at least one percent
};

/// Over the complete trials that have the metric, out of those with the largest budget; of more
/// than 4,096 these, evenly picked. Numbers count uniformly over their range, logarithms where the
/// choice says so, options equally; a choice that is not active is given any place of its range, so
/// that it does not tell what it depends on. Pairs are looked at among the 16 most important
/// choices. Nothing for fewer than ten trials, or for a metric that is the same in all of them.
std::optional<Importance> importance_of(const Choices& choices, std::span<const Trial> trials,
                                        const std::string& metric, uint64_t seed);

/// {"metric", "trials", "explained", "parameters": [{"name", "importance"}...], "pairs":
/// [{"names", "importance"}...]}
Json to_json(const Choices& choices, const Importance& importance);

}  // namespace nas

#include "nas/report/importance.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"

namespace nas {
namespace {

constexpr size_t kFewestTrials = 10;
constexpr size_t kMostTrials = 4096;
constexpr size_t kPairedChoices = 16;
constexpr double kLeastPair = 0.01;
constexpr int64_t kCurvePoints = 80;

/// The trials that compare with each other.
std::vector<const Trial*> comparable(std::span<const Trial> trials, const std::string& metric) {
  std::vector<const Trial*> chosen;
  const auto own_last = [](const Trial& trial) {
    return trial.budget > 0 ? trial.budget : std::numeric_limits<Budget>::infinity();
  };
  Budget largest = 0;
  for (const auto& trial : trials) {
    const bool scored = trial.state == TrialState::complete && trial.job == Job::evaluate;
    if (!scored || !trial.point || !trial.metrics.contains(metric)) continue;
    largest = std::max(largest, own_last(trial));
    chosen.push_back(&trial);
  }
  std::erase_if(chosen, [&](const Trial* trial) { return own_last(*trial) < largest; });
  if (chosen.size() <= kMostTrials) return chosen;
  std::vector<const Trial*> thinned;
  for (size_t i = 0; i < kMostTrials; ++i)
    thinned.push_back(chosen[i * chosen.size() / kMostTrials]);
  return thinned;
}

/// From values of one choice to [0, 1] and back. Options stand in the order of their mean metric,
/// so that a tree parts them well with a single threshold.
class Scale {
 public:
  Scale(const Choice& choice, std::vector<size_t> ranks)
      : domain_(&choice.domain), ranks_(std::move(ranks)), places_(ranks_.size()) {
    for (size_t option = 0; option < ranks_.size(); ++option) places_[ranks_[option]] = option;
  }

  double coordinate(const Value& value) const {
    if (const auto* number = std::get_if<double>(&value)) return of_real(*number);
    return of_whole(std::get<int64_t>(value));
  }

  /// Values over the whole range, in the order of a chart.
  std::vector<Dependence> values() const {
    return std::visit([this](const auto& domain) { return values_of(domain); }, *domain_);
  }

 private:
  static double share(double low, double value, double high, bool log) {
    if (!(low < high)) return 0.5;
    return log ? std::log(value / low) / std::log(high / low) : (value - low) / (high - low);
  }
  static double at(double low, double share, double high, bool log) {
    return log ? low * std::pow(high / low, share) : low + share * (high - low);
  }
  double of_real(double value) const {
    const auto& domain = std::get<RealInterval>(*domain_);
    return share(domain.low, value, domain.high, domain.log);
  }
  /// Each number has the cell of all that round to it.
  double of_whole(int64_t value) const {
    if (const auto* domain = std::get_if<IntegerInterval>(domain_)) {
      return share(static_cast<double>(domain->low) - 0.5, static_cast<double>(value),
                   static_cast<double>(domain->high) + 0.5, domain->log);
    }
    return (static_cast<double>(ranks_[static_cast<size_t>(value)]) + 0.5) /
           static_cast<double>(ranks_.size());
  }

  std::vector<Dependence> values_of(const Categorical& domain) const {
    std::vector<Dependence> values;
    for (size_t i = 0; i < domain.options.size(); ++i) {
      const size_t option = domain.ordered ? i : places_[i];
      values.push_back({domain.options[option], static_cast<double>(option), {}});
    }
    return values;
  }
  std::vector<Dependence> values_of(const IntegerInterval& domain) const {
    std::vector<Dependence> values;
    for (int64_t i = 0; i < kCurvePoints; ++i) {
      const double number =
          at(static_cast<double>(domain.low), static_cast<double>(i) / (kCurvePoints - 1),
             static_cast<double>(domain.high), domain.log);
      const double whole = std::round(number);
      if (values.empty() || values.back().value < whole) values.push_back({"", whole, {}});
    }
    return values;
  }
  std::vector<Dependence> values_of(const RealInterval& domain) const {
    std::vector<Dependence> values;
    for (int64_t i = 0; i < kCurvePoints; ++i) {
      const double part = static_cast<double>(i) / (kCurvePoints - 1);
      values.push_back({"", at(domain.low, part, domain.high, domain.log), {}});
    }
    return values;
  }

  const std::variant<Categorical, IntegerInterval, RealInterval>* domain_;
  std::vector<size_t> ranks_;   // of options
  std::vector<size_t> places_;  // option by rank
};

/// The rank of each option by its mean target; those never taken stand in the middle.
std::vector<size_t> ranks_of_options(const Categorical& domain, size_t choice,
                                     std::span<const Trial* const> trials,
                                     std::span<const double> targets) {
  const size_t count = domain.options.size();
  std::vector<size_t> ranks(count);
  std::iota(ranks.begin(), ranks.end(), size_t{0});
  if (domain.ordered) return ranks;
  std::vector<std::vector<double>> by_option(count);
  for (size_t i = 0; i < trials.size(); ++i) {
    const auto* option = std::get_if<int64_t>(&trials[i]->point->values[choice]);
    if (option != nullptr) by_option[static_cast<size_t>(*option)].push_back(targets[i]);
  }
  const double overall = mean(targets);
  std::vector<size_t> order = ranks;
  std::stable_sort(order.begin(), order.end(), [&](size_t a, size_t b) {
    const auto height = [&](size_t option) {
      return by_option[option].empty() ? overall : mean(by_option[option]);
    };
    return height(a) < height(b);
  });
  for (size_t rank = 0; rank < count; ++rank) ranks[order[rank]] = rank;
  return ranks;
}

std::vector<Scale> scales_of(const Choices& choices, std::span<const Trial* const> trials,
                             std::span<const double> targets) {
  std::vector<Scale> scales;
  for (size_t i = 0; i < choices.size(); ++i) {
    const auto* options = std::get_if<Categorical>(&choices[i].domain);
    scales.emplace_back(choices[i], options == nullptr
                                        ? std::vector<size_t>{}
                                        : ranks_of_options(*options, i, trials, targets));
  }
  return scales;
}

std::vector<ForestRow> rows_of(std::span<const Trial* const> trials, std::span<const Scale> scales,
                               uint64_t seed) {
  std::vector<ForestRow> rows;
  for (const Trial* trial : trials) {
    RandomStream random(seed, "importance.inactive", static_cast<uint64_t>(trial->number));
    auto& row = rows.emplace_back();
    for (size_t i = 0; i < scales.size(); ++i) {
      const Value& value = trial->point->values[i];
      const bool active = !std::holds_alternative<std::monostate>(value);
      row.push_back(active ? scales[i].coordinate(value) : random.uniform());
    }
  }
  return rows;
}

std::vector<Dependence> curve_of(const Choice& choice, const Scale& scale, const Fanova& fanova,
                                 size_t feature) {
  auto curve = scale.values();
  const bool real = std::holds_alternative<RealInterval>(choice.domain);
  std::vector<double> coordinates;
  coordinates.reserve(curve.size());
  for (const auto& at : curve) {
    coordinates.push_back(
        scale.coordinate(real ? Value(at.value) : Value(static_cast<int64_t>(at.value))));
  }
  const auto metrics = fanova.marginal(feature, coordinates);
  for (size_t i = 0; i < curve.size(); ++i) curve[i].metric = metrics[i];
  return curve;
}

std::vector<PairImportance> pairs_of(const Fanova& fanova,
                                     std::span<const ChoiceImportance> choices) {
  std::vector<PairImportance> pairs;
  const auto looked_at = choices.first(std::min(choices.size(), kPairedChoices));
  for (size_t i = 0; i < looked_at.size(); ++i) {
    for (size_t j = i + 1; j < looked_at.size(); ++j) {
      const size_t a = looked_at[i].choice;
      const size_t b = looked_at[j].choice;
      const double share = fanova.interaction(a, b);
      if (share >= kLeastPair) pairs.push_back({a, b, share});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  return pairs;
}

}  // namespace

std::optional<Importance> importance_of(const Choices& choices, std::span<const Trial> trials,
                                        const std::string& metric, uint64_t seed) {
  const auto chosen = comparable(trials, metric);
  if (choices.empty() || chosen.size() < kFewestTrials) return std::nullopt;
  std::vector<double> targets;
  targets.reserve(chosen.size());
  for (const Trial* trial : chosen) targets.push_back(trial->metrics.at(metric));
  const auto [least, most] = std::minmax_element(targets.begin(), targets.end());
  if (!(*least < *most)) return std::nullopt;
  // Squares of these must be numbers; a power of 2 leaves all digits.
  const int scale = std::ilogb(std::max(std::abs(*least), std::abs(*most)));
  for (double& target : targets) target = std::scalbn(target, -scale);
  const auto scales = scales_of(choices, chosen, targets);
  ForestOptions options;
  options.seed = seed;
  const RegressionForest forest(rows_of(chosen, scales, seed), targets, options);
  const Fanova fanova(forest);
  Importance importance{metric, static_cast<int64_t>(chosen.size()), forest.explained(), {}, {}};
  for (size_t i = 0; i < choices.size(); ++i) {
    if (cardinality(choices[i]) == 1) continue;
    auto curve = curve_of(choices[i], scales[i], fanova, i);
    for (auto& at : curve) {
      at.metric = {std::scalbn(at.metric.mean, scale), std::scalbn(at.metric.deviation, scale)};
    }
    importance.choices.push_back({i, fanova.main_effect(i), std::move(curve)});
  }
  std::stable_sort(importance.choices.begin(), importance.choices.end(),
                   [](const auto& a, const auto& b) { return a.share > b.share; });
  importance.pairs = pairs_of(fanova, importance.choices);
  return importance;
}

Json to_json(const Choices& choices, const Importance& importance) {
  Json parameters = Json::array();
  for (const auto& one : importance.choices) {
    parameters.push_back({{"name", choices[one.choice].name}, {"importance", one.share}});
  }
  Json pairs = Json::array();
  for (const auto& one : importance.pairs) {
    pairs.push_back({{"names", {choices[one.first].name, choices[one.second].name}},
                     {"importance", one.share}});
  }
  return {{"metric", importance.metric},
          {"trials", importance.trials},
          {"explained", importance.explained},
          {"parameters", parameters},
          {"pairs", pairs}};
}

}  // namespace nas

#include "nas/supernet/architecture_record.hpp"

#include <cmath>
#include <numeric>
#include <string>

#include "nas/core/json.hpp"
#include "nas/supernet/collapse.hpp"

namespace nas {
namespace {

/// Sum over all rows of a group, in nats; of each row's options among themselves.
double entropy(const std::vector<double>& probabilities, int64_t rows) {
  const auto options = static_cast<int64_t>(probabilities.size()) / rows;
  double sum = 0;
  for (auto row = probabilities.begin(); row != probabilities.end(); row += options) {
    const double share = std::accumulate(row, row + options, 0.0);
    for (auto p = row; p != row + options; ++p) {
      if (*p > 0) sum -= *p / share * std::log(*p / share);
    }
  }
  return sum;
}

}  // namespace

int64_t count_skips(const Choices& choices, const Point& point) {
  int64_t count = 0;
  for (size_t i = 0; i < choices.size(); ++i) {
    const auto* domain = std::get_if<Categorical>(&choices[i].domain);
    const auto* option = std::get_if<int64_t>(&point.values[i]);
    if (domain == nullptr || option == nullptr || domain->options.empty()) continue;
    if (domain->options[static_cast<size_t>(*option)] == "skip_connect") ++count;
  }
  return count;
}

Metrics architecture_metrics(const std::vector<ArchitectureGroup>& groups,
                             const ArchitectureWeights& probabilities, const Choices& choices,
                             const Point& derived) {
  Metrics metrics;
  double total = 0;
  int64_t rows = 0;
  for (size_t i = 0; i < groups.size(); ++i) {
    const double sum = entropy(probabilities[i], groups[i].rows);
    metrics["architecture_entropy_" + groups[i].name] = sum / static_cast<double>(groups[i].rows);
    total += sum;
    rows += groups[i].rows;
  }
  metrics["architecture_entropy"] = total / static_cast<double>(rows);
  metrics[kSkipConnections] = static_cast<double>(count_skips(choices, derived));
  return metrics;
}

Json architecture_record(int64_t epoch, const Metrics& metrics, const std::string& text,
                         const std::vector<ArchitectureGroup>& groups,
                         const ArchitectureWeights& probabilities) {
  Json record = {{"epoch", epoch}, {"metrics", Json::object()}, {"arch", text}};
  for (const auto& [name, value] : metrics) record["metrics"][name] = value;
  Json& weights = record["probabilities"] = Json::object();
  for (size_t i = 0; i < groups.size(); ++i) {
    const auto options = static_cast<int64_t>(groups[i].options.size());
    Json rows = Json::array();
    for (int64_t row = 0; row < groups[i].rows; ++row) {
      const auto begin = probabilities[i].begin() + row * options;
      rows.push_back(std::vector<double>(begin, begin + options));
    }
    weights[groups[i].name] = std::move(rows);
  }
  return record;
}

Json architecture_history(const std::vector<ArchitectureGroup>& groups, const Json& records) {
  Json history = {{"groups", Json::array()}, {"epochs", records}};
  for (const ArchitectureGroup& group : groups) {
    history["groups"].push_back({{"name", group.name}, {"options", group.options}});
  }
  return history;
}

Metrics metrics_of(const Json& record) {
  Metrics metrics;
  for (const auto& [name, value] : record.at("metrics").items()) metrics[name] = value;
  return metrics;
}

ArchitectureWeights probabilities_of(const std::vector<ArchitectureGroup>& groups,
                                     const Json& record) {
  ArchitectureWeights probabilities;
  for (const ArchitectureGroup& group : groups) {
    auto& flat = probabilities.emplace_back();
    for (const auto& row : record.at("probabilities").at(group.name)) {
      for (const auto& value : row) flat.push_back(value.get<double>());
    }
  }
  return probabilities;
}

}  // namespace nas

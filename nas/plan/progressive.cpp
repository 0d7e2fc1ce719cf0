#include "nas/plan/progressive.hpp"

#include <algorithm>
#include <numeric>
#include <string>
#include <utility>

namespace nas {
namespace {

constexpr const char* kSkip = "skip_connect";

size_t at(int64_t index) { return static_cast<size_t>(index); }

template <class Change>
void for_each_mixed(SupernetPlan& plan, const Change& change) {
  for (Node& node : plan.network.nodes) {
    if (auto* mixed = std::get_if<Mixed>(&node.layer)) change(*mixed);
  }
}

}  // namespace

SupernetPlan with_options(SupernetPlan plan, const KeptOptions& kept) {
  if (kept.empty()) return plan;
  for_each_mixed(plan, [&](Mixed& mixed) {
    std::vector<NetworkPlan> options;
    for (const int64_t option : kept[at(mixed.group)][at(mixed.row)]) {
      options.push_back(std::move(mixed.options[at(option)]));
    }
    mixed.options = std::move(options);
  });
  for (size_t i = 0; i < plan.groups.size(); ++i) {
    plan.groups[i].options.clear();
    for (size_t rank = 0; rank < kept[i].front().size(); ++rank) {
      plan.groups[i].options.push_back(std::to_string(rank));
    }
  }
  return plan;
}

SupernetPlan with_skip_dropout(SupernetPlan plan) {
  for_each_mixed(plan, [&](Mixed& mixed) {
    const auto& names = plan.groups[at(mixed.group)].options;
    for (size_t k = 0; k < names.size(); ++k) {
      if (names[k] != kSkip) continue;
      NetworkPlan& option = mixed.options[k];
      option.nodes.push_back({DropPath{}, {option.outputs.front()}, "drop_path"});
      option.outputs.front() = static_cast<int64_t>(option.nodes.size()) - 1;
    }
  });
  return plan;
}

ArchitectureWeights expanded(const ArchitectureWeights& weights,
                             const std::vector<ArchitectureGroup>& groups,
                             const KeptOptions& kept) {
  if (kept.empty()) return weights;
  ArchitectureWeights all;
  for (size_t i = 0; i < groups.size(); ++i) {
    const size_t options = groups[i].options.size();
    auto& flat = all.emplace_back(at(groups[i].rows) * options, 0.0);
    size_t next = 0;
    for (size_t row = 0; row < kept[i].size(); ++row) {
      for (const int64_t option : kept[i][row])
        flat[row * options + at(option)] = weights[i][next++];
    }
  }
  return all;
}

KeptOptions strongest_options(const ArchitectureWeights& weights,
                              const std::vector<ArchitectureGroup>& groups, int64_t count) {
  KeptOptions kept;
  for (size_t i = 0; i < groups.size(); ++i) {
    const size_t options = groups[i].options.size();
    const size_t left = count == 0 ? options : std::min(at(count), options);
    auto& rows = kept.emplace_back();
    for (size_t row = 0; row < at(groups[i].rows); ++row) {
      const double* values = weights[i].data() + row * options;
      std::vector<int64_t> order(options);
      std::iota(order.begin(), order.end(), 0);
      std::stable_sort(order.begin(), order.end(),
                       [&](int64_t a, int64_t b) { return values[a] > values[b]; });
      order.resize(left);
      std::sort(order.begin(), order.end());
      rows.push_back(std::move(order));
    }
  }
  return kept;
}

}  // namespace nas

#include "nas/report/regression_forest.hpp"

#include <algorithm>
#include <numeric>
#include <optional>

#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"

namespace nas {
namespace {

struct Split {
  size_t feature = 0;
  double threshold = 0;
  double gain = 0;  // of the squared error
};

/// Grows one tree on some of the rows, with repetitions.
class TreeGrower {
 public:
  TreeGrower(std::span<const ForestRow> rows, std::span<const double> targets, int64_t leaf)
      : rows_(rows), targets_(targets), leaf_(static_cast<size_t>(leaf)) {}

  RegressionTree grow(std::vector<size_t> chosen) {
    tree_.clear();
    grow_node(chosen);
    return std::move(tree_);
  }

 private:
  size_t grow_node(std::span<size_t> chosen) {
    const size_t index = tree_.size();
    double sum = 0;
    for (const size_t row : chosen) sum += targets_[row];
    tree_.push_back({-1, 0, 0, 0, sum / static_cast<double>(chosen.size())});
    const auto split = best_split(chosen, sum);
    if (!split) return index;
    const auto middle = std::partition(chosen.begin(), chosen.end(), [&](size_t row) {
      return rows_[row][split->feature] < split->threshold;
    });
    const auto below = static_cast<size_t>(middle - chosen.begin());
    const size_t first = grow_node(chosen.first(below));
    const size_t second = grow_node(chosen.subspan(below));
    tree_[index].feature = static_cast<int64_t>(split->feature);
    tree_[index].threshold = split->threshold;
    tree_[index].below = first;
    tree_[index].above = second;
    return index;
  }

  std::optional<Split> best_split(std::span<size_t> chosen, double sum) const {
    if (chosen.size() < 2 * leaf_) return std::nullopt;
    std::optional<Split> best;
    for (size_t feature = 0; feature < rows_.front().size(); ++feature) {
      consider(feature, chosen, sum, best);
    }
    return best;
  }

  /// The squared error falls by what the squares of the parts' sums, each over its size, exceed
  /// that of the whole by.
  void consider(size_t feature, std::span<size_t> chosen, double sum,
                std::optional<Split>& best) const {
    std::sort(chosen.begin(), chosen.end(), [&](size_t a, size_t b) {
      return std::pair(rows_[a][feature], a) < std::pair(rows_[b][feature], b);
    });
    const auto total = static_cast<double>(chosen.size());
    double below = 0;
    for (size_t i = 1; i + leaf_ <= chosen.size(); ++i) {
      below += targets_[chosen[i - 1]];
      const double low = rows_[chosen[i - 1]][feature];
      const double high = rows_[chosen[i]][feature];
      if (i < leaf_ || !(low < high)) continue;
      const auto count = static_cast<double>(i);
      const double gain = below * below / count + (sum - below) * (sum - below) / (total - count) -
                          sum * sum / total;
      // Rounding makes constant targets gain a little.
      if (gain <= 1e-12 * sum * sum / total || (best && gain <= best->gain)) continue;
      best = Split{feature, low + (high - low) / 2, gain};
    }
  }

  std::span<const ForestRow> rows_;
  std::span<const double> targets_;
  size_t leaf_;
  RegressionTree tree_;
};

/// Sums of the predictions of trees that did not see a row.
struct OutOfBag {
  explicit OutOfBag(size_t rows) : sums(rows), counts(rows) {}
  std::vector<double> sums;
  std::vector<int64_t> counts;

  void add(const RegressionTree& tree, std::span<const ForestRow> rows,
           const std::vector<size_t>& seen) {
    std::vector<bool> in_bag(rows.size());
    for (const size_t row : seen) in_bag[row] = true;
    for (size_t row = 0; row < rows.size(); ++row) {
      if (in_bag[row]) continue;
      sums[row] += predict(tree, rows[row]);
      ++counts[row];
    }
  }

  double explained(std::span<const double> targets) const {
    const double average = mean(targets);
    double error = 0;
    double variance = 0;
    for (size_t row = 0; row < targets.size(); ++row) {
      if (counts[row] == 0) continue;
      const double predicted = sums[row] / static_cast<double>(counts[row]);
      error += (targets[row] - predicted) * (targets[row] - predicted);
      variance += (targets[row] - average) * (targets[row] - average);
    }
    const auto [least, most] = std::minmax_element(targets.begin(), targets.end());
    return *least < *most && variance > 0 ? 1 - error / variance : 0;
  }
};

}  // namespace

RegressionForest::RegressionForest(std::span<const ForestRow> rows, std::span<const double> targets,
                                   const ForestOptions& options)
    : features_(rows.front().size()) {
  // Sums of centred targets cancel less.
  const double average = mean(targets);
  std::vector<double> centred(targets.begin(), targets.end());
  for (double& target : centred) target -= average;
  OutOfBag out_of_bag(rows.size());
  TreeGrower grower(rows, centred, options.leaf);
  for (int64_t i = 0; i < options.trees; ++i) {
    RandomStream random(options.seed, "forest.bootstrap", static_cast<uint64_t>(i));
    std::vector<size_t> bag(rows.size());
    for (size_t& row : bag) {
      row = static_cast<size_t>(random.below(static_cast<int64_t>(rows.size())));
    }
    trees_.push_back(grower.grow(bag));
    for (auto& node : trees_.back()) node.value += average;
    out_of_bag.add(trees_.back(), rows, bag);
  }
  explained_ = out_of_bag.explained(targets);
}

double RegressionForest::predict(const ForestRow& row) const {
  double sum = 0;
  for (const auto& tree : trees_) sum += nas::predict(tree, row);
  return sum / static_cast<double>(trees_.size());
}

double predict(const RegressionTree& tree, const ForestRow& row) {
  size_t node = 0;
  while (tree[node].feature >= 0) {
    const bool below = row[static_cast<size_t>(tree[node].feature)] < tree[node].threshold;
    node = below ? tree[node].below : tree[node].above;
  }
  return tree[node].value;
}

}  // namespace nas

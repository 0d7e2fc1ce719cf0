#include "nas/report/fanova.hpp"

#include <algorithm>
#include <set>

#include "nas/core/random.hpp"
#include "nas/core/statistics.hpp"

namespace nas {
namespace {

/// Of a feature; where the trees split it in fewer places, exactly those intervals.
constexpr size_t kMostCells = 64;
/// For the variance of the whole.
constexpr size_t kSamples = 8192;

double square(double value) { return value * value; }

/// Index of the first centre at or above `border`, which no centre lies on.
size_t first_at(const std::vector<double>& centres, double border) {
  return static_cast<size_t>(std::lower_bound(centres.begin(), centres.end(), border) -
                             centres.begin());
}

/// Latin hypercube: along every feature each of `count` equal intervals has one row.
std::vector<ForestRow> spread_rows(size_t features, size_t count) {
  std::vector<ForestRow> rows(count, ForestRow(features));
  for (size_t feature = 0; feature < features; ++feature) {
    RandomStream random(0, "fanova.sample", feature);
    std::vector<size_t> order(count);
    for (size_t i = 0; i < count; ++i) order[i] = i;
    random.shuffle(order);
    for (size_t i = 0; i < count; ++i) {
      rows[i][feature] =
          (static_cast<double>(order[i]) + random.uniform()) / static_cast<double>(count);
    }
  }
  return rows;
}

}  // namespace

Fanova::Fanova(const RegressionForest& forest) {
  for (const auto& tree : forest.trees()) trees_.push_back(leaves_of(tree, forest.features()));
  for (size_t i = 0; i < forest.features(); ++i) cells_.push_back(cells_of(i));
  for (const auto& leaves : trees_) {
    for (const auto& leaf : leaves) mean_ += leaf.volume * leaf.value;
  }
  mean_ /= static_cast<double>(trees_.size());
  variance_ = variance_of(forest);
}

Fanova::Leaves Fanova::leaves_of(const RegressionTree& nodes, size_t features) {
  struct Visit {
    size_t node;
    Leaf box;
  };
  Leaves leaves;
  std::vector<Visit> open{
      {0, {0, std::vector<double>(features, 0), std::vector<double>(features, 1)}}};
  while (!open.empty()) {
    auto [index, box] = std::move(open.back());
    open.pop_back();
    const TreeNode& node = nodes[index];
    if (node.feature < 0) {
      box.value = node.value;
      for (size_t i = 0; i < features; ++i) box.volume *= box.high[i] - box.low[i];
      leaves.push_back(std::move(box));
      continue;
    }
    const auto feature = static_cast<size_t>(node.feature);
    open.push_back({node.above, box});
    open.back().box.low[feature] = node.threshold;
    open.push_back({node.below, std::move(box)});
    open.back().box.high[feature] = node.threshold;
  }
  return leaves;
}

Fanova::Cells Fanova::cells_of(size_t feature) const {
  std::set<double> borders{0, 1};
  for (const auto& leaves : trees_) {
    for (const auto& leaf : leaves) borders.insert(leaf.low[feature]);
  }
  if (borders.size() > kMostCells + 1) {
    borders.clear();
    for (size_t i = 0; i <= kMostCells; ++i) {
      borders.insert(static_cast<double>(i) / static_cast<double>(kMostCells));
    }
  }
  Cells cells;
  for (auto low = borders.begin(), high = std::next(low); high != borders.end(); ++low, ++high) {
    cells.centres.push_back(*low + (*high - *low) / 2);
    cells.widths.push_back(*high - *low);
  }
  return cells;
}

double Fanova::variance_of(const RegressionForest& forest) const {
  double sum = 0;
  for (const auto& row : spread_rows(forest.features(), kSamples)) {
    sum += square(forest.predict(row) - mean_);
  }
  return sum / static_cast<double>(kSamples);
}

double Fanova::main_variance(size_t feature) const {
  const auto& [centres, widths] = cells_[feature];
  const auto trees = static_cast<double>(trees_.size());
  std::vector<double> steps(centres.size() + 1);
  for (const auto& leaves : trees_) {
    for (const auto& leaf : leaves) {
      const double low = leaf.low[feature];
      const double high = leaf.high[feature];
      const double part = (leaf.value - mean_) * leaf.volume / (high - low) / trees;
      steps[first_at(centres, low)] += part;
      steps[first_at(centres, high)] -= part;
    }
  }
  double height = 0;
  double variance = 0;
  for (size_t i = 0; i < centres.size(); ++i) {
    height += steps[i];
    variance += widths[i] * square(height);
  }
  return variance;
}

/// The variance of the mean over all other features, on the grid of both features' cells.
double Fanova::pair_variance(size_t a, size_t b) const {
  const Cells& rows = cells_[a];
  const Cells& columns = cells_[b];
  const size_t width = columns.centres.size() + 1;
  std::vector<double> grid((rows.centres.size() + 1) * width);
  for (const auto& leaves : trees_) {
    for (const auto& leaf : leaves) {
      const double area = (leaf.high[a] - leaf.low[a]) * (leaf.high[b] - leaf.low[b]);
      const double part =
          (leaf.value - mean_) * leaf.volume / area / static_cast<double>(trees_.size());
      const size_t top = first_at(rows.centres, leaf.low[a]) * width;
      const size_t bottom = first_at(rows.centres, leaf.high[a]) * width;
      const size_t left = first_at(columns.centres, leaf.low[b]);
      const size_t right = first_at(columns.centres, leaf.high[b]);
      grid[top + left] += part;
      grid[top + right] -= part;
      grid[bottom + left] -= part;
      grid[bottom + right] += part;
    }
  }
  double variance = 0;
  for (size_t i = 0; i < rows.centres.size(); ++i) {
    double row = 0;
    for (size_t j = 0; j < columns.centres.size(); ++j) {
      row += grid[i * width + j];
      // The row above has been summed up already.
      grid[i * width + j] = row + (i > 0 ? grid[(i - 1) * width + j] : 0);
      variance += rows.widths[i] * columns.widths[j] * square(grid[i * width + j]);
    }
  }
  return variance;
}

double Fanova::main_effect(size_t feature) const {
  return variance_ > 0 ? std::min(main_variance(feature) / variance_, 1.0) : 0;
}

double Fanova::interaction(size_t a, size_t b) const {
  if (!(variance_ > 0)) return 0;
  const double beyond = pair_variance(a, b) - main_variance(a) - main_variance(b);
  return std::clamp(beyond / variance_, 0.0, 1.0);  // rounding alone leaves that range
}

std::vector<Spread> Fanova::marginal(size_t feature, std::span<const double> coordinates) const {
  std::vector<Spread> spreads;
  for (const double at : coordinates) {
    std::vector<double> values;
    for (const auto& leaves : trees_) {
      double value = 0;
      for (const auto& leaf : leaves) {
        const double low = leaf.low[feature];
        const double high = leaf.high[feature];
        if (at >= low && (at < high || high == 1)) value += leaf.value * leaf.volume / (high - low);
      }
      values.push_back(value);
    }
    spreads.push_back({mean(values), standard_deviation(values)});
  }
  return spreads;
}

}  // namespace nas

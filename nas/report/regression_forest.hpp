#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nas {

/// One observation: a coordinate in [0, 1] along each of the features.
using ForestRow = std::vector<double>;

/// A split sends rows below `threshold` to node `below` and others to node `above`; a leaf has no
/// feature. Node 0 is the root.
struct TreeNode {
  int64_t feature = -1;
  double threshold = 0;
  size_t below = 0;
  size_t above = 0;
  double value = 0;  // mean target of its rows
};
using RegressionTree = std::vector<TreeNode>;

struct ForestOptions {
  int64_t trees = 64;
  /// Rows that a leaf has at least.
  int64_t leaf = 1;
  uint64_t seed = 0;
};

/// Regression trees, each grown on a bootstrap of the rows by the splits that lower the squared
/// error most (Breiman 2001, "Random forests"; every split looks at all features).
class RegressionForest {
 public:
  /// As many targets as rows, at least one; rows of one length.
  RegressionForest(std::span<const ForestRow> rows, std::span<const double> targets,
                   const ForestOptions& options);

  size_t features() const { return features_; }
  const std::vector<RegressionTree>& trees() const { return trees_; }
  double predict(const ForestRow& row) const;
  /// Share of the targets' variance that trees explain which have not seen the row; at most 1,
  /// below 0 where they do worse than the mean. 0 for constant targets.
  double explained() const { return explained_; }

 private:
  size_t features_ = 0;
  std::vector<RegressionTree> trees_;
  double explained_ = 0;
};

/// What a single tree predicts.
double predict(const RegressionTree& tree, const ForestRow& row);

}  // namespace nas

#include "nas/data/split.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"

namespace nas {
namespace {

uint64_t split_seed(const DataConfig& config) { return static_cast<uint64_t>(config.split_seed); }

size_t at(int64_t index) { return static_cast<size_t>(index); }

std::vector<std::vector<int64_t>> indices_by_class(const std::vector<int64_t>& labels) {
  std::vector<std::vector<int64_t>> classes;
  for (size_t i = 0; i < labels.size(); ++i) {
    if (at(labels[i]) >= classes.size()) classes.resize(at(labels[i]) + 1);
    classes[at(labels[i])].push_back(static_cast<int64_t>(i));
  }
  return classes;
}

/// How many of each class, `count` in all: the largest remainders are rounded up.
std::vector<int64_t> quotas(const std::vector<std::vector<int64_t>>& classes, int64_t count,
                            int64_t total) {
  std::vector<int64_t> quota;
  std::vector<std::pair<int64_t, size_t>> remainders;
  for (size_t c = 0; c < classes.size(); ++c) {
    const int64_t product = static_cast<int64_t>(classes[c].size()) * count;
    quota.push_back(product / total);
    remainders.emplace_back(-(product % total), c);
  }
  std::sort(remainders.begin(), remainders.end());
  const int64_t missing = count - std::accumulate(quota.begin(), quota.end(), int64_t{0});
  for (int64_t i = 0; i < missing; ++i) ++quota[remainders[at(i)].second];
  return quota;
}

std::vector<std::vector<int64_t>> shuffled_groups(const std::vector<int64_t>& groups, uint64_t seed,
                                                  std::string_view purpose) {
  auto members = indices_by_class(groups);
  std::erase_if(members, [](const auto& group) { return group.empty(); });
  RandomStream(seed, purpose).shuffle(members);
  return members;
}

/// One class after the other, so that what is dealt in turn stays alike in size.
std::vector<std::vector<int64_t>> single_examples(const std::vector<int64_t>& labels, uint64_t seed,
                                                  std::string_view purpose) {
  std::vector<std::vector<int64_t>> examples;
  auto classes = indices_by_class(labels);
  for (size_t c = 0; c < classes.size(); ++c) {
    RandomStream(seed, purpose, c).shuffle(classes[c]);
    for (const int64_t index : classes[c]) examples.push_back({index});
  }
  return examples;
}

/// `share` of the examples.
Parts take_share(const SplitKeys& keys, double share, const DataConfig& config,
                 std::string_view purpose) {
  const int64_t count = count_of_share(keys.labels, share);
  if (!keys.groups.empty()) return take_groups(keys.groups, count, split_seed(config), purpose);
  return take_stratified(keys.labels, count, split_seed(config), purpose);
}

}  // namespace

Parts take_stratified(const std::vector<int64_t>& labels, int64_t count, uint64_t seed,
                      std::string_view purpose) {
  Parts parts;
  if (labels.empty()) return parts;
  const auto total = static_cast<int64_t>(labels.size());
  auto classes = indices_by_class(labels);
  const auto quota = quotas(classes, std::clamp<int64_t>(count, 0, total), total);
  for (size_t c = 0; c < classes.size(); ++c) {
    RandomStream(seed, purpose, c).shuffle(classes[c]);
    const auto middle = classes[c].begin() + quota[c];
    parts.taken.insert(parts.taken.end(), classes[c].begin(), middle);
    parts.left.insert(parts.left.end(), middle, classes[c].end());
  }
  std::sort(parts.taken.begin(), parts.taken.end());
  std::sort(parts.left.begin(), parts.left.end());
  return parts;
}

Parts take_groups(const std::vector<int64_t>& groups, int64_t count, uint64_t seed,
                  std::string_view purpose) {
  const auto members = shuffled_groups(groups, seed, purpose);
  if (members.size() < 2) {
    throw InputError("split_by: found " + std::to_string(members.size()) +
                     " group of examples to split, expected at least 2");
  }
  Parts parts;
  bool full = count <= 0;
  for (size_t i = 0; i < members.size(); ++i) {
    const int64_t missing = count - static_cast<int64_t>(parts.taken.size());
    const bool nearer = 2 * missing > static_cast<int64_t>(members[i].size());
    full = full || i + 1 == members.size() || (i > 0 && !nearer);
    auto& part = full ? parts.left : parts.taken;
    part.insert(part.end(), members[i].begin(), members[i].end());
  }
  std::sort(parts.taken.begin(), parts.taken.end());
  std::sort(parts.left.begin(), parts.left.end());
  return parts;
}

Parts take_fold(const SplitKeys& keys, const Fold& fold, uint64_t seed, std::string_view purpose) {
  const auto units = keys.groups.empty() ? single_examples(keys.labels, seed, purpose)
                                         : shuffled_groups(keys.groups, seed, purpose);
  if (!keys.groups.empty() && static_cast<int64_t>(units.size()) < fold.of) {
    throw InputError("split_by: found " + std::to_string(units.size()) +
                     " groups of examples, expected at least one for each of " +
                     std::to_string(fold.of) + " folds");
  }
  Parts parts;
  for (size_t i = 0; i < units.size(); ++i) {
    auto& part = static_cast<int64_t>(i) % fold.of == fold.number ? parts.taken : parts.left;
    part.insert(part.end(), units[i].begin(), units[i].end());
  }
  std::sort(parts.taken.begin(), parts.taken.end());
  std::sort(parts.left.begin(), parts.left.end());
  return parts;
}

int64_t count_of_share(const std::vector<int64_t>& labels, double share) {
  return std::llround(share * static_cast<double>(labels.size()));
}

std::vector<int64_t> labels_at(const std::vector<int64_t>& labels,
                               const std::vector<int64_t>& indices) {
  std::vector<int64_t> result;
  result.reserve(indices.size());
  for (const int64_t index : indices) result.push_back(labels[at(index)]);
  return result;
}

Parts hold_out_test(const SplitKeys& keys, const DataConfig& config) {
  if (config.folds > 0) {
    return take_fold(keys, {config.fold, config.folds}, split_seed(config), "data.folds");
  }
  return take_share(keys, config.test, config, "data.test");
}

std::vector<int64_t> limited(const std::vector<int64_t>& labels, std::vector<int64_t> chosen,
                             const DataConfig& config) {
  if (config.limit == 0 || config.limit >= static_cast<int64_t>(chosen.size())) return chosen;
  const Parts parts =
      take_stratified(labels_at(labels, chosen), config.limit, split_seed(config), "data.limit");
  return labels_at(chosen, parts.taken);
}

std::vector<int64_t> not_for_test(const SplitKeys& keys, const DataConfig& config) {
  return limited(keys.labels, hold_out_test(keys, config).left, config);
}

Split split_training(const SplitKeys& keys, const DataConfig& config) {
  Parts parts = take_share(keys, config.validation, config, "data.validation");
  return {std::move(parts.left), std::move(parts.taken)};
}

std::vector<Split> split_into_folds(const SplitKeys& keys, int64_t folds,
                                    const DataConfig& config) {
  std::vector<Split> splits;
  for (int64_t fold = 0; fold < folds; ++fold) {
    Parts parts = take_fold(keys, {fold, folds}, split_seed(config), "data.validation_folds");
    splits.push_back({std::move(parts.left), std::move(parts.taken)});
  }
  return splits;
}

}  // namespace nas

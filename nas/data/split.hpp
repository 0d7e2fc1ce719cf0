#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "nas/data/data_config.hpp"
#include "nas/data/reader.hpp"

namespace nas {

/// Two disjoint sets of indices that together are all of them; each in rising order.
struct Parts {
  std::vector<int64_t> taken;
  std::vector<int64_t> left;
};

/// Takes `count` of the examples, every class by its share (largest remainder), which ones by
/// (seed, purpose) alone. Labels are 0 or more.
Parts take_stratified(const std::vector<int64_t>& labels, int64_t count, uint64_t seed,
                      std::string_view purpose);

/// Takes whole groups in an order by (seed, purpose) alone, as long as that brings the number of
/// examples nearer to `count`; at least one group where `count` is over 0, and one is left. Throws
/// InputError for fewer than two groups.
Parts take_groups(const std::vector<int64_t>& groups, int64_t count, uint64_t seed,
                  std::string_view purpose);

/// One of the parts into which examples fall.
struct Fold {
  int64_t number = 0;  // from 0
  int64_t of = 1;
};

/// Takes one part; each has its share of every class and is as large as the others, give or take
/// one. Where there are groups, each has whole ones instead, as many as the others, give or take
/// one; throws InputError for fewer groups than parts. Which ones by (seed, purpose) alone.
Parts take_fold(const SplitKeys& keys, const Fold& fold, uint64_t seed, std::string_view purpose);

/// `share` of the examples, rounded.
int64_t count_of_share(const std::vector<int64_t>& labels, double share);

/// The labels at `indices`.
std::vector<int64_t> labels_at(const std::vector<int64_t>& labels,
                               const std::vector<int64_t>& indices);

/// Which examples are test (`taken`) and which are not, where the data set does not say.
Parts hold_out_test(const SplitKeys& keys, const DataConfig& config);

/// At most `limit` of `chosen`.
std::vector<int64_t> limited(const std::vector<int64_t>& labels, std::vector<int64_t> chosen,
                             const DataConfig& config);

/// All that may be trained and validated on where the data set brings no test split.
std::vector<int64_t> not_for_test(const SplitKeys& keys, const DataConfig& config);

}  // namespace nas

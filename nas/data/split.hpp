#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

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

/// `share` of the examples, rounded.
int64_t count_of_share(const std::vector<int64_t>& labels, double share);

/// The labels at `indices`.
std::vector<int64_t> labels_at(const std::vector<int64_t>& labels,
                               const std::vector<int64_t>& indices);

}  // namespace nas

#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace nas {

/// A block of memory that is needed from step `first` to step `last`, both included.
struct Block {
  int64_t size = 0;
  int64_t first = 0;
  int64_t last = 0;
};

struct ArenaPlan {
  /// By block, from the start of the arena.
  std::vector<int64_t> offsets;
  /// Of the whole arena.
  int64_t size = 0;
};

/// Places blocks so that no two overlap in memory that overlap in time. Greedy by size (Pisarchyk &
/// Lee 2020, section 5.2): from the largest block to the smallest, each into the smallest gap that
/// holds it. While that takes more than least_arena, the block that ends the arena is placed before
/// all others and the rest again, 64 times at most; the best arena counts. Finding the smallest one
/// is NP-hard.
ArenaPlan plan_arena(std::span<const Block> blocks);

/// The largest sum of blocks that are needed at once; no arena is smaller.
int64_t least_arena(std::span<const Block> blocks);

}  // namespace nas

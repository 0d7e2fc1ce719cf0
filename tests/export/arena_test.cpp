#include "nas/export/arena.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

#include "nas/core/random.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

bool overlap(const Block& a, int64_t offset_a, const Block& b, int64_t offset_b) {
  const bool in_time = a.first <= b.last && b.first <= a.last;
  return in_time && offset_a < offset_b + b.size && offset_b < offset_a + a.size;
}

bool is_valid(const std::vector<Block>& blocks, const ArenaPlan& plan) {
  for (size_t i = 0; i < blocks.size(); ++i) {
    if (plan.offsets[i] < 0 || plan.offsets[i] + blocks[i].size > plan.size) return false;
    for (size_t j = 0; j < i; ++j) {
      if (overlap(blocks[i], plan.offsets[i], blocks[j], plan.offsets[j])) return false;
    }
  }
  return true;
}

/// The lowest offset for `block` above those placed before it.
int64_t lowest(const std::vector<Block>& blocks, const std::vector<size_t>& placed,
               const std::vector<int64_t>& offsets, size_t block) {
  int64_t offset = 0;
  for (bool moved = true; moved;) {
    moved = false;
    for (const size_t other : placed) {
      if (!overlap(blocks[block], offset, blocks[other], offsets[other])) continue;
      offset = offsets[other] + blocks[other].size;
      moved = true;
    }
  }
  return offset;
}

/// The smallest arena: some order, each block as low as it goes, gives it.
int64_t smallest_arena(const std::vector<Block>& blocks) {
  std::vector<size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  int64_t smallest = std::numeric_limits<int64_t>::max();
  do {
    std::vector<int64_t> offsets(blocks.size(), 0);
    int64_t size = 0;
    for (size_t i = 0; i < order.size(); ++i) {
      const std::vector<size_t> placed(order.begin(), order.begin() + static_cast<int64_t>(i));
      offsets[order[i]] = lowest(blocks, placed, offsets, order[i]);
      size = std::max(size, offsets[order[i]] + blocks[order[i]].size);
    }
    smallest = std::min(smallest, size);
  } while (std::next_permutation(order.begin(), order.end()));
  return smallest;
}

std::vector<Block> random_blocks(uint64_t index, int64_t count) {
  RandomStream random(1, "arena test", index);
  std::vector<Block> blocks;
  for (int64_t i = 0; i < count; ++i) {
    blocks.push_back({1 + random.below(9), i, i + 1 + random.below(3)});
  }
  return blocks;
}

}  // namespace

TEST_CASE("A chain needs room for its two largest neighbours alone") {
  const std::vector<Block> chain{{8, 0, 1}, {4, 1, 2}, {6, 2, 3}, {10, 3, 4}, {1, 4, 5}};
  const ArenaPlan plan = plan_arena(chain);
  CHECK(is_valid(chain, plan));
  CHECK(plan.size == 16);
  CHECK(least_arena(chain) == 16);
}

TEST_CASE("A residual block keeps its input beside what is computed from it") {
  const std::vector<Block> block{{8, 0, 3}, {8, 1, 2}, {8, 2, 3}, {8, 3, 4}};
  const ArenaPlan plan = plan_arena(block);
  CHECK(is_valid(block, plan));
  CHECK(plan.size == 24);
}

TEST_CASE("No blocks need no arena") { CHECK(plan_arena({}).size == 0); }

TEST_CASE("Arenas are valid, and near the smallest that an exhaustive search finds") {
  double sum = 0;
  constexpr int kGraphs = 60;
  for (uint64_t i = 0; i < kGraphs; ++i) {
    const auto blocks = random_blocks(i, 7);
    const ArenaPlan plan = plan_arena(blocks);
    const int64_t smallest = smallest_arena(blocks);
    INFO("graph " << i);
    REQUIRE(is_valid(blocks, plan));
    REQUIRE(plan.size >= smallest);
    REQUIRE(smallest >= least_arena(blocks));
    const double excess = static_cast<double>(plan.size) / static_cast<double>(smallest);
    REQUIRE(excess <= 1.25);
    sum += excess;
  }
  CHECK(sum / kGraphs <= 1.02);
}

TEST_CASE("Large arenas are valid") {
  const auto blocks = random_blocks(1, 400);
  const ArenaPlan plan = plan_arena(blocks);
  CHECK(is_valid(blocks, plan));
  CHECK(plan.size >= least_arena(blocks));
}

}  // namespace nas

#include "nas/export/arena.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace nas {
namespace {

constexpr int kTurns = 64;

struct Place {
  int64_t offset = 0;
  size_t block = 0;
};

bool at_once(const Block& a, const Block& b) { return a.first <= b.last && b.first <= a.last; }

/// The offset of the smallest gap between `placed` (by offset) that holds `block`, or the end.
int64_t best_gap(std::span<const Block> blocks, const std::vector<Place>& placed, size_t block) {
  int64_t smallest = std::numeric_limits<int64_t>::max();
  int64_t best = -1;
  int64_t end = 0;  // of what lies below
  for (const Place& place : placed) {
    if (!at_once(blocks[place.block], blocks[block])) continue;
    const int64_t gap = place.offset - end;
    if (gap >= blocks[block].size && gap < smallest) {
      smallest = gap;
      best = end;
    }
    end = std::max(end, place.offset + blocks[place.block].size);
  }
  return best >= 0 ? best : end;
}

ArenaPlan placed_in_order(std::span<const Block> blocks, const std::vector<size_t>& order) {
  ArenaPlan plan{std::vector<int64_t>(blocks.size(), 0), 0};
  std::vector<Place> placed;
  for (const size_t block : order) {
    const Place place{best_gap(blocks, placed, block), block};
    const auto after =
        std::upper_bound(placed.begin(), placed.end(), place.offset,
                         [](int64_t offset, const Place& other) { return offset < other.offset; });
    placed.insert(after, place);
    plan.offsets[block] = place.offset;
    plan.size = std::max(plan.size, place.offset + blocks[block].size);
  }
  return plan;
}

std::vector<size_t> largest_first(std::span<const Block> blocks) {
  std::vector<size_t> order(blocks.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return blocks[a].size > blocks[b].size; });
  return order;
}

}  // namespace

ArenaPlan plan_arena(std::span<const Block> blocks) {
  std::vector<size_t> order = largest_first(blocks);
  ArenaPlan best = placed_in_order(blocks, order);
  const int64_t least = least_arena(blocks);
  ArenaPlan plan = best;
  for (int turn = 0; turn < kTurns && best.size > least; ++turn) {
    const auto ends_the_arena = [&](size_t block) {
      return plan.offsets[block] + blocks[block].size == plan.size;
    };
    const auto last = std::find_if(order.begin(), order.end(), ends_the_arena);
    std::rotate(order.begin(), last, last + 1);
    plan = placed_in_order(blocks, order);
    if (plan.size < best.size) best = plan;
  }
  return best;
}

int64_t least_arena(std::span<const Block> blocks) {
  int64_t least = 0;
  for (const Block& moment : blocks) {
    int64_t live = 0;
    for (const Block& block : blocks) {
      if (block.first <= moment.first && moment.first <= block.last) live += block.size;
    }
    least = std::max(least, live);
  }
  return least;
}

}  // namespace nas

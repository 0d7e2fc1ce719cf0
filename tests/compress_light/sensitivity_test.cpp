#include "nas/compress/sensitivity.hpp"

#include <cmath>
#include <numeric>

#include "nas/plan/network.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Two groups of 8 units each, and one of a single unit.
ChannelCoupling three_groups() {
  ChannelCoupling coupling;
  coupling.units = 17;
  for (const int64_t size : {8, 8, 1}) {
    auto& group = coupling.groups.emplace_back();
    group.units.resize(static_cast<size_t>(size));
    const int64_t first = coupling.groups.size() == 1 ? 0 : coupling.groups.size() == 2 ? 8 : 16;
    std::iota(group.units.begin(), group.units.end(), first);
  }
  return coupling;
}

int64_t gone(const KeptUnits& kept, int64_t first) {
  int64_t count = 0;
  for (int64_t i = first; i < first + 8; ++i) count += kept[static_cast<size_t>(i)] == 0 ? 1 : 0;
  return count;
}

}  // namespace

TEST_CASE("Units of a sensitive group count for more, and later ones of each group too") {
  const ChannelCoupling coupling = three_groups();
  std::vector<double> scores(17, 1);
  for (size_t i = 0; i < 8; ++i) scores[i] = static_cast<double>(8 - i);  // the last goes first
  int measured = 0;
  const auto found = sensitivity_scores(coupling, KeptUnits(17, 1), scores, [&](const auto& kept) {
    ++measured;
    return 1.0 + 0.1 * static_cast<double>(gone(kept, 0)) + static_cast<double>(gone(kept, 8));
  });
  CHECK(measured == 7);
  CHECK(found[7] == Approx(0.1));
  CHECK(found[6] == Approx(0.2));
  CHECK(found[0] == Approx(0.8));
  for (int i = 8; i < 16; ++i) CHECK(found[static_cast<size_t>(i)] >= 1 - 1e-9);
  CHECK(std::isinf(found[16]));
}

TEST_CASE("A loss that falls as units go counts as one that stays") {
  const ChannelCoupling coupling = three_groups();
  const auto found = sensitivity_scores(
      coupling, KeptUnits(17, 1), std::vector<double>(17, 1),
      [&](const auto& kept) { return 1.0 - 0.1 * static_cast<double>(gone(kept, 0)); });
  for (size_t i = 0; i < 16; ++i) CHECK(found[i] == 0);
}

TEST_CASE("Units that went earlier are not looked at") {
  const ChannelCoupling coupling = three_groups();
  KeptUnits now(17, 1);
  for (size_t i = 0; i < 4; ++i) now[i] = 0;
  const auto found =
      sensitivity_scores(coupling, now, std::vector<double>(17, 1),
                         [&](const auto& kept) { return static_cast<double>(gone(kept, 0)); });
  CHECK(found[0] == 0);
  // Four are left: those with equal scores go from the last on.
  CHECK(found[7] == Approx(1));
  CHECK(found[4] == Approx(4));
}

}  // namespace nas

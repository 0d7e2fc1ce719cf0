#include "nas/compress/channel_choice.hpp"

#include <limits>

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/pruned_network.hpp"
#include "nas/search/sampling.hpp"
#include "tests/compress/every_space.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// Of a group's units how many are kept.
int64_t kept_of(const ChannelCoupling::Group& group, const KeptUnits& kept) {
  int64_t count = 0;
  for (const int64_t unit : group.units) count += kept[static_cast<size_t>(unit)] != 0 ? 1 : 0;
  return count;
}

/// Two convolutions of 8 channels each, the first of which costs less.
struct Scene {
  NetworkPlan plan;
  Shape input{1, 4, 4};
  ChannelCoupling coupling;
  KeptUnits all;
  std::vector<double> scores;

  Scene() {
    PlanBuilder builder;
    Convolution first;
    first.in_channels = 1;
    first.out_channels = 8;
    Convolution second = first;
    second.in_channels = 8;
    int64_t x = builder.add(first, {0}, "first");
    x = builder.add(second, {x}, "second");
    x = builder.add(GlobalAveragePool{}, {x}, "pool");
    x = builder.add(Linear{8, 3, true}, {x}, "head");
    plan = std::move(builder).finish({x});
    coupling = channel_coupling(plan, input);
    all.assign(static_cast<size_t>(coupling.units), 1);
    scores.assign(all.size(), 0);
    for (size_t i = 0; i < 8; ++i) {
      scores[static_cast<size_t>(coupling.groups[0].units[i])] = static_cast<double>(i + 1);
      scores[static_cast<size_t>(coupling.groups[1].units[i])] = 1000 * static_cast<double>(8 - i);
    }
  }

  PruneTarget target(double share) const {
    const Cost whole = cost(plan, input);
    return {static_cast<int64_t>(share * static_cast<double>(whole.multiply_adds)),
            whole.parameters, 1, 1};
  }
  PruneTarget bytes(int64_t most, int64_t bits) const {
    const Cost whole = cost(plan, input);
    return {whole.multiply_adds, whole.parameters, 1, 1, most, uniform_bits(plan, bits)};
  }
  KeptUnits choose(const PruneTarget& wanted) const {
    return choose_kept(plan, input, coupling, all, scores, wanted);
  }
  int64_t multiply_adds(const KeptUnits& kept) const {
    return cost(pruned_network(plan, input, coupling, kept).plan, input).multiply_adds;
  }
};

}  // namespace

TEST_CASE("Weights of half the bits leave more channels in as many bytes") {
  const Scene scene;
  const auto plan_of = [&](int64_t bits) {
    const KeptUnits kept = scene.choose(scene.bytes(50, bits));
    return pruned_network(scene.plan, scene.input, scene.coupling, kept).plan;
  };
  const NetworkPlan of_eight = plan_of(8);
  const NetworkPlan of_four = plan_of(4);
  CHECK(weight_bytes(of_eight, {}) <= 50);
  CHECK(weight_bytes(of_four, uniform_bits(of_four, 4)) <= 50);
  CHECK(weight_bytes(of_four, {}) > 50);
}

TEST_CASE("The least of each group go, whatever the scale of the group's scores") {
  const Scene scene;
  const auto target = scene.target(0.5);
  const KeptUnits kept = scene.choose(target);
  CHECK(scene.multiply_adds(kept) <= target.multiply_adds);
  const auto& groups = scene.coupling.groups;
  const int64_t first = kept_of(groups[0], kept);
  const int64_t second = kept_of(groups[1], kept);
  CHECK(std::abs(first - second) <= 1);
  CHECK(kept[static_cast<size_t>(groups[0].units[7])] == 1);
  CHECK(kept[static_cast<size_t>(groups[0].units[0])] == 0);
  CHECK(kept[static_cast<size_t>(groups[1].units[0])] == 1);
  CHECK(kept[static_cast<size_t>(groups[1].units[7])] == 0);
}

TEST_CASE("What is left of a layer is a multiple and no less than the minimum") {
  const Scene scene;
  auto target = scene.target(0.6);
  target.multiple_of = 4;
  for (const auto& group : scene.coupling.groups) {
    CHECK(kept_of(group, scene.choose(target)) % 4 == 0);
  }
  target = scene.target(0.15);
  target.min_channels = 2;
  for (const auto& group : scene.coupling.groups) {
    CHECK(kept_of(group, scene.choose(target)) >= 2);
  }
  target.min_channels = 6;
  CHECK_THROWS_WITH(scene.choose(target), ContainsSubstring("cannot be pruned"));
}

TEST_CASE("Groups without a score lose nothing, and what is gone does not come back") {
  Scene scene;
  for (const int64_t unit : scene.coupling.groups[1].units) {
    scene.scores[static_cast<size_t>(unit)] = std::numeric_limits<double>::infinity();
  }
  const KeptUnits half = scene.choose(scene.target(0.5));
  CHECK(kept_of(scene.coupling.groups[1], half) == 8);
  const KeptUnits quarter =
      choose_kept(scene.plan, scene.input, scene.coupling, half, scene.scores, scene.target(0.25));
  for (size_t unit = 0; unit < half.size(); ++unit) CHECK(quarter[unit] <= half[unit]);
}

TEST_CASE("Targets are met in every space, and hardly more than that is removed") {
  for (const auto& space : test::small_spaces()) {
    RandomStream random(3, "test");
    for (int i = 0; i < 5; ++i) {
      const Point point = sample(space->choices(), random);
      const auto plan = space->network(point);
      if (!plan || space->name() == "vit") continue;  // most of whose channels stay
      INFO(space->name() << " " << space->text(point));
      const Shape& input = space->task().input;
      const auto coupling = channel_coupling(*plan, input);
      std::vector<double> scores;
      for (int64_t unit = 0; unit < coupling.units; ++unit) scores.push_back(random.uniform());
      const Cost whole = cost(*plan, input);
      const PruneTarget target{whole.multiply_adds * 7 / 10, whole.parameters, 1, 1};
      const KeptUnits all(static_cast<size_t>(coupling.units), 1);
      const KeptUnits kept = choose_kept(*plan, input, coupling, all, scores, target);
      const Cost left = cost(pruned_network(*plan, input, coupling, kept).plan, input);
      CHECK(left.multiply_adds <= target.multiply_adds);
      CHECK(left.multiply_adds >= whole.multiply_adds * 4 / 10);
    }
  }
}

}  // namespace nas

#include "nas/supernet/channel_sorting.hpp"

#include <algorithm>

#include "nas/supernet/shared_network.hpp"
#include "search_spaces/nats_size.hpp"
#include "tests/supernet/elastic_space.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

ElasticChoices opened(const Space& space, const std::vector<Opening>& openings) {
  ElasticChoices elastic(space.choices());
  for (const Opening& opening : openings) elastic.open(opening);
  return elastic;
}

torch::Tensor tensor_of(const SharedNetwork& shared, const std::string& wanted) {
  for (const auto& [name, tensor] : shared.state()) {
    if (name == wanted) return tensor.detach();
  }
  throw std::logic_error("no tensor " + wanted);
}

torch::Tensor output(const SharedNetwork& shared, const Space& space, const torch::Tensor& x) {
  return shared.subnetwork(*space.shared_network()).forward(x, Pass());
}

/// What each hidden channel of a block without squeeze and excite is worth.
torch::Tensor importance(const SharedNetwork& shared) {
  return tensor_of(shared, "stages.1.blocks.0.project.conv.weight").abs().sum({0, 2, 3});
}

bool falls(const torch::Tensor& values) {
  return (values.slice(0, 1) <= values.slice(0, 0, -1)).all().item<bool>();
}

}  // namespace

TEST_CASE("expansions shrink the hidden channels of every block", "[once_for_all]") {
  const auto space = test::elastic_space();
  const auto before = opened(*space, {{"*kernel", 0}, {"*depth", 0}});
  const auto now = opened(*space, {{"*kernel", 0}, {"*depth", 0}, {"*expansion", 0}});
  REQUIRE(shrinking_channels(*space, before, before).empty());
  std::vector<int64_t> sizes;
  for (const auto& sortable : shrinking_channels(*space, now, before)) {
    sizes.push_back(sortable.group.channels);
    REQUIRE(sortable.bounds == std::set<int64_t>{0, sortable.group.channels});
  }
  std::sort(sizes.begin(), sizes.end());
  // Four blocks; squeezed channels stay 8 whatever the expansion.
  REQUIRE(sizes == std::vector<int64_t>{24, 24, 24, 48});
}

TEST_CASE("sorting orders channels by what reads them and changes no output", "[once_for_all]") {
  const auto space = test::elastic_space();
  const SharedNetwork shared(*space->shared_network(), 3, torch::kCPU);
  test::stir(shared.state());
  const torch::Tensor x = torch::randn({4, 1, 8, 8});
  const torch::Tensor expected = output(shared, *space, x);
  const torch::Tensor before = importance(shared);
  REQUIRE_FALSE(falls(before));
  sort_channels(shrinking_channels(*space, opened(*space, {{"*", 0}}), opened(*space, {})),
                shared.state());
  REQUIRE(torch::allclose(output(shared, *space, x), expected, 1e-4, 1e-5));
  REQUIRE(falls(importance(shared)));
  REQUIRE(torch::allclose(std::get<0>(importance(shared).sort()), std::get<0>(before.sort())));
}

TEST_CASE("sorting the widths of the size space changes no output of its widest network",
          "[once_for_all]") {
  NatsSizeOptions options;
  options.channels = 24;
  const auto space = make_nats_size(options, {{1, 8, 8}, 10});
  const SharedNetwork shared(*space->shared_network(), 3, torch::kCPU);
  test::stir(shared.state());
  const torch::Tensor x = torch::randn({4, 1, 8, 8});
  const NetworkPlan widest = *space->subnetwork(opened(*space, {}).largest());
  const torch::Tensor expected = shared.subnetwork(widest).forward(x, Pass());
  const torch::Tensor before = tensor_of(shared, "stem.conv.weight").clone();
  sort_channels(shrinking_channels(*space, opened(*space, {{"*", 0}}), opened(*space, {})),
                shared.state());
  REQUIRE_FALSE(tensor_of(shared, "stem.conv.weight").equal(before));
  const torch::Tensor after = shared.subnetwork(widest).forward(x, Pass());
  REQUIRE(torch::allclose(after, expected, 1e-4, 1e-5));
}

TEST_CASE("channels of networks that were trained before stay theirs", "[once_for_all]") {
  const auto space = test::elastic_space();
  const SharedNetwork shared(*space->shared_network(), 3, torch::kCPU);
  test::stir(shared.state());
  const torch::Tensor before = importance(shared);
  const auto all = opened(*space, {{"*", 0}});
  sort_channels(shrinking_channels(*space, all, all), shared.state());
  const torch::Tensor after = importance(shared);
  for (const auto& [begin, end] : {std::pair{0, 16}, std::pair{16, 24}}) {
    REQUIRE(falls(after.slice(0, begin, end)));
    REQUIRE(torch::allclose(std::get<0>(after.slice(0, begin, end).sort()),
                            std::get<0>(before.slice(0, begin, end).sort())));
  }
}

}  // namespace nas

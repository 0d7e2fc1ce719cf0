#include <algorithm>
#include <functional>
#include <set>

#include "nas/compress/kept_channels.hpp"
#include "nas/compress/slice_weights.hpp"
#include "nas/compress/unit_parameters.hpp"
#include "nas/core/json.hpp"
#include "nas/core/random.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "nas/torch/torch.hpp"
#include "tests/compress/every_space.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr uint64_t kPoints = 20;  // of each space
const torch::Device kCpu(torch::kCPU);

KeptUnits kept_at_random(const ChannelCoupling& coupling, RandomStream& random) {
  KeptUnits kept(static_cast<size_t>(coupling.units), 1);
  for (const auto& group : coupling.groups) {
    std::vector<int64_t> units = group.units;
    random.shuffle(units);
    units.resize(static_cast<size_t>(random.below(std::ssize(units))));  // one at least stays
    for (const int64_t unit : units) kept[static_cast<size_t>(unit)] = 0;
  }
  return kept;
}

/// Random weights and running statistics: none is what it starts as.
std::shared_ptr<Network> random_network(const NetworkPlan& plan, uint64_t seed) {
  const torch::NoGradGuard no_grad;
  auto network = build_network(plan, seed, kCpu);
  torch::manual_seed(seed);
  for (const auto& [name, tensor] : state_of(*network)) {
    torch::Tensor values = tensor;
    if (name.ends_with("running_var")) {
      values.uniform_(0.5, 2);
    } else if (tensor.dim() == 1) {
      values.normal_(0.2, 1);
    }
  }
  network->eval();
  return network;
}

/// Makes the channels that are to go zero wherever they come from.
void silence(Network& network, const NetworkPlan& plan, const ChannelCoupling& coupling,
             const KeptUnits& kept) {
  const torch::NoGradGuard no_grad;
  const NamedTensors state = state_of(network);
  const auto zero = [&](const std::string& name, int64_t row) {
    for (auto [own, tensor] : state) {
      if (own == name) tensor.select(0, row).zero_();
    }
  };
  const KeptUnits all(kept.size(), 1);
  for (const UnitParameter& parameter : unit_parameters(plan, coupling, all)) {
    for (size_t row = 0; row < parameter.units.size(); ++row) {
      if (kept[static_cast<size_t>(parameter.units[row])] != 0) continue;
      zero(parameter.tensor, static_cast<int64_t>(row));
    }
  }
  for (size_t node = 0; node < plan.nodes.size(); ++node) {  // norms without scale and shift
    if (!std::holds_alternative<BatchNorm>(plan.nodes[node].layer)) continue;
    for (size_t row = 0; row < coupling.unit_of[node].size(); ++row) {
      if (kept[static_cast<size_t>(coupling.unit_of[node][row])] != 0) continue;
      zero(plan.nodes[node].name + ".running_mean", static_cast<int64_t>(row));
    }
  }
}

int64_t count_parameters(const Network& network) {
  int64_t count = 0;
  for (const torch::Tensor& parameter : network.parameters()) count += parameter.numel();
  return count;
}

/// Nodes that only an auxiliary head needs are not among a plan's counts.
NetworkPlan without_auxiliary(NetworkPlan plan) {
  std::set<int64_t> needed{plan.outputs.front()};
  std::set<int64_t> auxiliary(plan.outputs.begin() + 1, plan.outputs.end());
  for (auto i = std::ssize(plan.nodes) - 1; i >= 0; --i) {
    for (const int64_t input : plan.nodes[static_cast<size_t>(i)].inputs) {
      if (needed.contains(i)) needed.insert(input);
      if (auxiliary.contains(i)) auxiliary.insert(input);
    }
  }
  for (const int64_t node : auxiliary) {
    if (!needed.contains(node)) {
      plan.nodes[static_cast<size_t>(node)].layer = Identity{};
      plan.nodes[static_cast<size_t>(node)].inputs = {0};
    }
  }
  plan.outputs.resize(1);
  return plan;
}

struct Case {
  NetworkPlan plan;
  Shape input;
  ChannelCoupling coupling;
  KeptUnits kept;
  PrunedNetwork pruned;
};

/// Calls `check` for random points of every space that describes networks; returns their number.
int64_t each_case(const std::function<void(const Case&, uint64_t)>& check) {
  int64_t cases = 0;
  for (const auto& space : test::small_spaces()) {
    for (uint64_t i = 0; i < kPoints; ++i) {
      RandomStream random(7, "test", i);
      const Point point = sample(space->choices(), random);
      const auto plan = space->network(point);
      if (!plan) break;
      INFO(space->name() << " " << space->text(point));
      Case made{*plan, space->task().input, {}, {}, {}};
      made.coupling = channel_coupling(made.plan, made.input);
      made.kept = kept_at_random(made.coupling, random);
      made.pruned = pruned_network(made.plan, made.input, made.coupling, made.kept);
      check(made, i);
      ++cases;
    }
  }
  return cases;
}

torch::Tensor some_inputs(const Shape& input) {
  return torch::randn({3, input.channels, input.height, input.width});
}

}  // namespace

TEST_CASE("pruned networks of every space run and have the parameters that their plans count",
          "[compress]") {
  int64_t smaller = 0;
  const int64_t cases = each_case([&](const Case& made, uint64_t seed) {
    const Cost counted = cost(made.pruned.plan, made.input);
    const auto network = build_network(made.pruned.plan, seed, kCpu);
    network->eval();
    const torch::Tensor y = network->forward(some_inputs(made.input)).front();
    REQUIRE(y.sizes() == torch::IntArrayRef({3, 10}));
    REQUIRE(y.isfinite().all().item<bool>());
    const auto counting = build_network(without_auxiliary(made.pruned.plan), 0, kCpu);
    REQUIRE(count_parameters(*counting) == counted.parameters);
    if (counted.parameters < cost(made.plan, made.input).parameters) ++smaller;
  });
  REQUIRE(cases >= 200);
  REQUIRE(smaller * 10 > cases * 9);
}

TEST_CASE("removing channels that are zero changes no output, in any space", "[compress]") {
  const torch::NoGradGuard no_grad;
  each_case([&](const Case& made, uint64_t seed) {
    const auto whole = random_network(made.plan, seed);
    silence(*whole, made.plan, made.coupling, made.kept);
    const auto small = build_network(made.pruned.plan, 0, kCpu);
    load_state(*small, sliced(state_of(*whole), made.pruned.cuts));
    small->eval();
    const torch::Tensor x = some_inputs(made.input);
    const torch::Tensor expected = whole->forward(x).front();
    const double scale = std::max(1.0, expected.abs().max().item<double>());
    REQUIRE((small->forward(x).front() - expected).abs().max().item<double>() < 1e-4 * scale);
  });
}

TEST_CASE("kept channels of every space can be written and read", "[compress]") {
  each_case([&](const Case& made, uint64_t) {
    const Json json = to_json(made.plan, made.coupling, made.kept);
    REQUIRE(kept_units_from(Json::parse(json.dump()), made.plan, made.coupling) == made.kept);
  });
}

}  // namespace nas

#include "nas/quantize/int8_footprint.hpp"

#include "nas/core/error.hpp"
#include "nas/core/random.hpp"
#include "nas/export/c_program.hpp"
#include "nas/export/fold.hpp"
#include "nas/quantize/quantize.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// As values of a trained network have them: below 0 only where something can be.
std::vector<Range> random_ranges(const NetworkPlan& plan) {
  RandomStream random(5, "test.ranges");
  std::vector<Range> ranges;
  for (const Node& node : plan.nodes) {
    const auto high = static_cast<float>(0.5 + 5 * random.uniform());
    const auto* activation = std::get_if<Activation>(&node.layer);
    const bool positive = std::holds_alternative<Relu>(node.layer) ||
                          (activation != nullptr && activation->kind == Activation::Kind::relu6);
    ranges.push_back({positive ? 0 : -high, high});
  }
  return ranges;
}

}  // namespace

TEST_CASE("An int8 footprint is that of the C source, known before any training") {
  int64_t known = 0;
  for (const int64_t bits : {4, 8}) {
    for (const auto& [plan, input] : networks_of_every_layer()) {
      INFO(plan.nodes.back().name << ", " << plan.nodes.size() << " nodes, " << bits << " bits");
      TrainedNetwork network =
          with_folded_batch_norms(inference_network(plan, input, random_weights(plan, 1)));
      std::vector<Grid> grids = value_grids(network.plan, random_ranges(network.plan));
      const QuantizedNetwork whole =
          quantized(std::move(network), std::move(grids), uniform_bits(plan, bits));
      const auto size = int8_footprint(plan, input, uniform_bits(plan, bits));
      if (!size) {
        CHECK_THROWS_AS(integer_network(whole), UsageError);
        continue;
      }
      ++known;
      const CProgram program = c_program(integer_network(whole));
      CHECK(size->flash == program.constant_bytes);
      CHECK(size->ram == arena_bytes(program, input.channels * input.height * input.width));
    }
  }
  CHECK(known > 20);
}

}  // namespace nas

#include "nas/export/footprint.hpp"

#include "nas/export/c_program.hpp"
#include "nas/export/fold.hpp"
#include "tests/export/every_layer.hpp"
#include "tests/export/random_weights.hpp"
#include "tests/support/catch.hpp"

namespace nas {

TEST_CASE("A footprint is that of the C source, known before any training") {
  for (const auto& [plan, input] : networks_of_every_layer()) {
    INFO(plan.nodes.back().name << ", " << plan.nodes.size() << " nodes");
    const TrainedNetwork network =
        with_folded_batch_norms(inference_network(plan, input, random_weights(plan, 1)));
    const CProgram program = c_program(network);
    const Footprint size = footprint(plan, input);
    CHECK(size.flash == program.constant_bytes);
    CHECK(size.ram == 4 * program.memory.size);
  }
}

}  // namespace nas

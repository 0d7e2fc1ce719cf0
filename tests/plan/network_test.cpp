#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/draw.hpp"
#include "nas/plan/operations.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

TEST_CASE("Every operation has the shape of its setting, at stride 1 and 2") {
  for (const auto& operation : operation_table()) {
    for (const int64_t stride : {1, 2}) {
      INFO(operation.name << " stride " << stride);
      const NetworkPlan plan = operation.build({6, 6, stride, true});
      const Shape out = shapes(plan, {6, 8, 8})[static_cast<size_t>(plan.outputs.front())];
      CHECK(out == Shape{6, 8 / stride, 8 / stride});
    }
  }
}

TEST_CASE("Operations have the parameters of the published code") {
  const auto parameters = [](const char* name) {
    return cost(find_operation(name).build({16, 16, 1, true}), {16, 8, 8}).parameters;
  };
  CHECK(parameters("none") == 0);
  CHECK(parameters("nor_conv_3x3") == 16 * 16 * 9 + 32);
  CHECK(parameters("sep_conv_3x3") == 2 * (16 * 9 + 16 * 16 + 32));
  CHECK(parameters("dil_conv_5x5") == 16 * 25 + 16 * 16 + 32);
  CHECK_THROWS_WITH(find_operation("sep_conv_3x4"), ContainsSubstring("sep_conv_3x3"));
}

TEST_CASE("A network whose parts do not fit names the node") {
  PlanBuilder plan;
  const int64_t conv = plan.add(Convolution{4, 8, {3, 3}}, {PlanBuilder::kInput}, "first.conv");
  const NetworkPlan network = std::move(plan).finish({conv});
  CHECK_THROWS_WITH(shapes(network, {3, 8, 8}), ContainsSubstring("first.conv"));
  CHECK_THROWS_WITH(shapes(network, {4, 2, 2}), ContainsSubstring("too small"));
}

TEST_CASE("A pool with stride of a map that is smaller than its window is refused") {
  PlanBuilder plan;
  const int64_t pool = plan.add(AveragePool{2, 2, 0}, {PlanBuilder::kInput}, "pool");
  const NetworkPlan network = std::move(plan).finish({pool});
  CHECK(shapes(network, {4, 3, 2}).back() == Shape{4, 1, 1});
  CHECK_THROWS_WITH(shapes(network, {4, 3, 1}), ContainsSubstring("too small"));
}

TEST_CASE("Multiply takes two inputs of one shape, or a gate of a number a channel") {
  const auto shape_of = [](const Shape& input, const Layer& gate, bool twice) {
    PlanBuilder plan;
    const int64_t node = plan.add(gate, {PlanBuilder::kInput}, "gate");
    std::vector<int64_t> inputs{PlanBuilder::kInput, node};
    if (twice) inputs.push_back(node);
    const int64_t product = plan.add(Multiply{}, inputs, "scale");
    return shapes(std::move(plan).finish({product}), input).back();
  };
  CHECK(shape_of({6, 8, 7}, GlobalAveragePool{}, false) == Shape{6, 8, 7});
  CHECK(shape_of({6, 8, 7}, Activation{}, false) == Shape{6, 8, 7});
  CHECK_THROWS_WITH(shape_of({6, 8, 7}, Resize{4, 4}, false), ContainsSubstring("scale: found"));
  CHECK_THROWS_WITH(shape_of({6, 8, 7}, Activation{}, true), ContainsSubstring("3 inputs"));
}

TEST_CASE(
    "Attention takes three times its channels, in whole heads, and embeddings their own shape") {
  const auto shape_after = [](Layer layer, const Shape& input) {
    PlanBuilder plan;
    const int64_t node = plan.add(std::move(layer), {PlanBuilder::kInput}, "block.layer");
    return shapes(std::move(plan).finish({node}), input).back();
  };
  CHECK(shape_after(Attention{8, 2}, {24, 4, 3}) == Shape{8, 4, 3});
  CHECK(shape_after(PositionEmbedding{8, 4, 3}, {8, 4, 3}) == Shape{8, 4, 3});
  CHECK_THROWS_WITH(shape_after(Attention{8, 2}, {8, 4, 3}), ContainsSubstring("expected 24"));
  CHECK_THROWS_WITH(shape_after(Attention{8, 3}, {24, 4, 3}),
                    ContainsSubstring("block.layer: found 8 channels in 3 heads"));
  CHECK_THROWS_WITH(shape_after(PositionEmbedding{8, 4, 3}, {8, 3, 4}),
                    ContainsSubstring("an input of 8x3x4, expected 8x4x3"));
  CHECK_THROWS_WITH(shape_after(LayerNorm{8}, {7, 4, 3}), ContainsSubstring("7 channels"));
}

TEST_CASE("Peak activations count what is alive at once") {
  PlanBuilder plan;
  const int64_t a = plan.add(Relu{}, {PlanBuilder::kInput}, "a");
  const int64_t b = plan.add(Relu{}, {a}, "b");
  const int64_t sum = plan.add(Add{}, {PlanBuilder::kInput, b}, "sum");
  // The input lives until the sum: input, b and sum together.
  CHECK(cost(std::move(plan).finish({sum}), {1, 2, 2}).peak_activations == 3 * 4);
}

TEST_CASE("Shapes read and print") {
  CHECK(shape_from_text("3x32x16") == Shape{3, 32, 16});
  CHECK(to_text(shape_from_text("30")) == "30x1x1");
  for (const char* wrong : {"", "3x32", "axbxc", "3x0x3", "3x32x32x", "-1x2x3"}) {
    CHECK_THROWS_AS(shape_from_text(wrong), InputError);
  }
}

TEST_CASE("A drawing escapes what users write") {
  const Json cell = {{"name", "<b>&"},
                     {"nodes", {"in", "out"}},
                     {"edges", {{{"from", 0}, {"to", 1}, {"label", "a<b"}}}}};
  const std::string svg = draw_cell_svg(cell);
  CHECK_THAT(svg, ContainsSubstring("a&lt;b") && ContainsSubstring("&lt;b&gt;&amp;"));
  CHECK(svg.find("<b>") == std::string::npos);
}

}  // namespace
}  // namespace nas

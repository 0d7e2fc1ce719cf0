#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/plan/operations.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/nasnet.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr auto kNasnetA =
    "normal=[(sep_conv_5x5,1),(sep_conv_3x3,0),(sep_conv_5x5,0),(sep_conv_3x3,0),(avg_pool_3x3,1),"
    "(skip_connect,0),(avg_pool_3x3,0),(avg_pool_3x3,0),(sep_conv_3x3,1),(skip_connect,1)] "
    "normal_concat=[2,3,4,5,6] "
    "reduce=[(sep_conv_5x5,1),(sep_conv_7x7,0),(max_pool_3x3,1),(sep_conv_7x7,0),(avg_pool_3x3,1),"
    "(sep_conv_5x5,0),(skip_connect,3),(avg_pool_3x3,2),(sep_conv_3x3,2),(max_pool_3x3,1)] "
    "reduce_concat=[4,5,6]";
constexpr auto kAmoebanetA =
    "Genotype(normal=[('avg_pool_3x3', 0), ('max_pool_3x3', 1), ('sep_conv_3x3', 0), "
    "('sep_conv_5x5', 2), ('sep_conv_3x3', 0), ('avg_pool_3x3', 3), ('sep_conv_3x3', 1), "
    "('skip_connect', 1), ('skip_connect', 0), ('avg_pool_3x3', 1)], normal_concat=[4, 5, 6], "
    "reduce=[('avg_pool_3x3', 0), ('sep_conv_3x3', 1), ('max_pool_3x3', 0), ('sep_conv_7x7', 2), "
    "('sep_conv_7x7', 0), ('avg_pool_3x3', 1), ('max_pool_3x3', 0), ('max_pool_3x3', 1), "
    "('conv_7x1_1x7', 0), ('sep_conv_3x3', 5)], reduce_concat=[3, 4, 6])";

TEST_CASE("The published NASNet-A and AmoebaNet-A have the published parameter counts") {
  NasnetOptions options;
  options.auxiliary = GENERATE(false, true);
  const auto space = make_nasnet(options, {});
  const auto parameters = [&](const char* text) {
    return cost(*space->network(space->parse(text)), space->task().input).parameters;
  };
  CHECK(parameters(kNasnetA) == 3830950);
  CHECK(parameters(kAmoebanetA) == 3145078);
}

TEST_CASE("A NASNet genotype reads and prints as published") {
  const auto space = make_nasnet({}, {});
  CHECK(space->text(space->parse(kNasnetA)) == kNasnetA);
  const std::string text = space->text(space->parse(kAmoebanetA));
  CHECK(text.ends_with("(conv_7x1_1x7,0),(sep_conv_3x3,5)] reduce_concat=[3,4,6]"));
  CHECK(space->parse(text) == space->parse(kAmoebanetA));
}

TEST_CASE("Cells that differ in the order of a node's edges alone are one architecture") {
  const auto space = make_nasnet({}, {});
  std::string swapped = kNasnetA;
  swapped.replace(swapped.find('('), 33, "(sep_conv_3x3,0),(sep_conv_5x5,1)");
  const Point a = space->parse(kNasnetA);
  const Point b = space->parse(swapped);
  CHECK_FALSE(a == b);
  CHECK(space->canonical(a) == space->canonical(b));
}

TEST_CASE("A NASNet sub-network puts zeros in place of the nodes that others of its cell take") {
  NasnetOptions options;
  options.channels = 4;
  options.cells = 3;
  const auto space = make_nasnet(options, {});
  const NetworkPlan part = *space->subnetwork(space->parse(kNasnetA));
  std::vector<std::string> zeros;
  for (const Node& node : part.nodes) {
    if (!node.name.ends_with(".concatenate") || node.inputs.size() != 5) continue;
    for (const int64_t input : node.inputs) {
      const Node& state = part.nodes[static_cast<size_t>(input)];
      if (std::holds_alternative<Zero>(state.layer)) zeros.push_back(state.name);
    }
  }
  // Cell 0 is the normal one, which puts out every node; the others put out 4, 5 and 6.
  CHECK(zeros == std::vector<std::string>{"cells.1.concatenate.zero2", "cells.1.concatenate.zero3",
                                          "cells.2.concatenate.zero2",
                                          "cells.2.concatenate.zero3"});
}

TEST_CASE(
    "Both edges of a NASNet node have weights of their own for the same operation and state") {
  NasnetOptions options;
  options.nodes = 1;
  const auto space = make_nasnet(options, {});
  const auto path =
      *space->path(space->parse("normal=[(sep_conv_3x3,1),(sep_conv_3x3,1)] normal_concat=[2] "
                                "reduce=[(skip_connect,0),(conv_7x1_1x7,1)] reduce_concat=[2]"));
  const auto ones = [](const std::vector<double>& cell) {
    std::vector<size_t> at;
    for (size_t i = 0; i < cell.size(); ++i) {
      if (cell[i] == 1) at.push_back(i);
    }
    return at;
  };
  CHECK(ones(path[0]) == std::vector<size_t>{1 * 8 + 3, 3 * 8 + 3});  // row by edge, then state
  CHECK(ones(path[1]) == std::vector<size_t>{0 * 8 + 0, 3 * 8 + 7});
}

TEST_CASE("A wrong NASNet genotype is refused with the place") {
  const auto space = make_nasnet({}, {});
  CHECK_THROWS_WITH(space->parse("normal=[(sep_conv_9x9,0)"),
                    ContainsSubstring("at character 10") && ContainsSubstring("sep_conv_7x7"));
  CHECK_THROWS_WITH(space->parse("normal=[(sep_conv_3x3,2)"),
                    ContainsSubstring("an input from 0 to 1"));
  std::string text = kNasnetA;
  text.replace(text.find("[4,5,6]"), 7, "[2,5,6]");
  CHECK_THROWS_WITH(space->parse(text), ContainsSubstring("4 of [4,5,6]"));
}

TEST_CASE("A 1x7 and a 7x1 convolution weigh 14 taps a pair of channels") {
  const auto plan = find_operation("conv_7x1_1x7").build({16, 16, 1, true});
  CHECK(cost(plan, {16, 8, 8}).parameters == 2 * 7 * 16 * 16 + 32);
}

}  // namespace
}  // namespace nas

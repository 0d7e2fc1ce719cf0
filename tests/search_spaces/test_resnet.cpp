#include <cmath>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/resnet.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

const TaskShape kImagenet{{3, 224, 224}, 1000};

Cost cost_of(const Space& space, const char* text) {
  return cost(*space.network(space.parse(text)), space.task().input);
}

ResnetOptions bottlenecks() {
  ResnetOptions options;
  options.block = ResnetOptions::Block::bottleneck;
  options.depths = {1, 2, 3, 4, 6, 8, 23, 36};
  return options;
}

ResnetOptions cifar_resnets() {
  ResnetOptions options;
  options.channels = 16;
  options.stages = 3;
  options.depths = {3, 5, 7, 9, 18};
  options.widths = {0.5, 1};
  return options;
}

double giga(int64_t count) { return std::round(static_cast<double>(count) / 1e6) / 1e3; }

TEST_CASE("ResNet-18 to ResNet-152 have the counts of torchvision") {
  const auto basic = make_resnet({}, kImagenet);
  CHECK(cost_of(*basic, "2x64-2x128-2x256-2x512").parameters == 11'689'512);
  CHECK(giga(cost_of(*basic, "2x64-2x128-2x256-2x512").multiply_adds) == 1.814);
  CHECK(cost_of(*basic, "3x64-4x128-6x256-3x512").parameters == 21'797'672);
  CHECK(giga(cost_of(*basic, "3x64-4x128-6x256-3x512").multiply_adds) == 3.664);
  const auto bottleneck = make_resnet(bottlenecks(), kImagenet);
  CHECK(cost_of(*bottleneck, "3x64-4x128-6x256-3x512").parameters == 25'557'032);
  CHECK(giga(cost_of(*bottleneck, "3x64-4x128-6x256-3x512").multiply_adds) == 4.089);
  CHECK(cost_of(*bottleneck, "3x64-4x128-23x256-3x512").parameters == 44'549'160);
  CHECK(cost_of(*bottleneck, "3x64-8x128-36x256-3x512").parameters == 60'192'808);
}

TEST_CASE("ResNet-20 to ResNet-110 of CIFAR-10 have the published millions of parameters") {
  const auto space = make_resnet(cifar_resnets(), {{3, 32, 32}, 10});
  // Two shortcuts are 1x1 convolutions with batch norm here and padded with zeros there.
  const int64_t shortcuts = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64;
  const auto millions = [&](const char* text) {
    const int64_t parameters = cost_of(*space, text).parameters - shortcuts;
    return std::round(static_cast<double>(parameters) / 1e4) / 100;
  };
  CHECK(cost_of(*space, "3x16-3x32-3x64").parameters == 272'474);
  CHECK(millions("3x16-3x32-3x64") == 0.27);
  CHECK(millions("5x16-5x32-5x64") == 0.46);
  CHECK(millions("7x16-7x32-7x64") == 0.66);
  CHECK(millions("9x16-9x32-9x64") == 0.85);
  CHECK(millions("18x16-18x32-18x64") == 1.73);  // published as 1.7
}

TEST_CASE("Weights of every residual network are slices of the largest one's") {
  for (const ResnetOptions& options : {ResnetOptions{}, bottlenecks(), cifar_resnets()}) {
    const auto space = make_resnet(options, {{3, 32, 32}, 10});
    Point largest;
    for (const auto& choice : space->choices())
      largest.values.emplace_back(cardinality(choice) - 1);
    const NetworkPlan large = *space->network(largest);
    RandomStream random(1, "test");
    for (int i = 0; i < 20; ++i) {
      const Point point = sample(space->choices(), random);
      INFO(space->text(point));
      CHECK(test::nesting_fault(*space->network(point), large).empty());
    }
    CHECK_FALSE(test::nesting_fault(large, *space->network(point_at(space->choices(), 0))).empty());
  }
}

TEST_CASE("The stem of a residual network fits the input's size") {
  const auto side_after_stem = [](const ResnetOptions& options, int64_t side) {
    const auto space = make_resnet(options, {{3, side, side}, 10});
    const NetworkPlan plan = *space->network(point_at(space->choices(), 0));
    const auto shape = shapes(plan, space->task().input);
    for (size_t i = 0; i < plan.nodes.size(); ++i) {
      if (plan.nodes[i].name == "layer1.0.conv1") return shape[i].height;
    }
    return int64_t{0};
  };
  CHECK(side_after_stem({}, 32) == 32);
  CHECK(side_after_stem({}, 64) == 16);
  ResnetOptions options;
  options.stem = ResnetOptions::Stem::imagenet;
  CHECK(side_after_stem(options, 32) == 8);
  options.stem = ResnetOptions::Stem::cifar;
  CHECK(side_after_stem(options, 64) == 64);
}

TEST_CASE("A wrong residual network is refused with the place") {
  const auto space = make_resnet({}, kImagenet);
  CHECK_THROWS_WITH(space->parse("2x64-5x128-2x256-2x512"), ContainsSubstring("at character 6"));
  CHECK_THROWS_WITH(space->parse("2x65-2x128-2x256-2x512"),
                    ContainsSubstring("expected one of 32"));
  CHECK_THROWS_WITH(space->parse("2x64-2x128-2x256"), ContainsSubstring("'-'"));
  CHECK_THROWS_WITH(space->parse("2x64-2x128-2x256-2x512-"), ContainsSubstring("the end"));
  CHECK_THROWS_AS(space->parse(""), InputError);
}

TEST_CASE("Lists of depths and widths are checked") {
  const auto read = [](const char* text) {
    read_config_text(text, "test", {}, [](Section& section) {
      ResnetOptions options;
      describe(section, options);
    });
  };
  CHECK_NOTHROW(read("{depths: [2, 3], widths: [0.25, 1, 1.5], block: bottleneck}"));
  CHECK_THROWS_WITH(read("{depths: [3, 2]}"), ContainsSubstring("found '2', expected ascending"));
  CHECK_THROWS_WITH(read("{depths: [two]}"), ContainsSubstring("found 'two'"));
  CHECK_THROWS_WITH(read("{depths: []}"), ContainsSubstring("at least one number"));
  CHECK_THROWS_WITH(read("{depths: [0, 1]}"), ContainsSubstring("from 1 to 200"));
  CHECK_THROWS_WITH(read("{channels: 4, widths: [0.5, 0.51]}"), ContainsSubstring("2, 2 channels"));
}

}  // namespace
}  // namespace nas

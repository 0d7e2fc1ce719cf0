#include <cmath>
#include <string>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/conv1d.hpp"
#include "tests/search_spaces/nesting.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

/// 40 mel-frequency coefficients of 98 frames, 12 words.
const TaskShape kSpeech{{1, 40, 98}, 12};

struct Published {
  const char* text;
  int64_t channels;
  double thousand_parameters;
  double million_operations;
};

int64_t batch_norm_channels(const NetworkPlan& plan) {
  int64_t sum = 0;
  for (const Node& node : plan.nodes) {
    if (const auto* norm = std::get_if<BatchNorm>(&node.layer)) sum += norm->channels;
  }
  return sum;
}

TEST_CASE("TC-ResNets have the published counts") {
  for (const Published& published : {Published{"1x24k9-1x32k9-1x48k9", 16, 66, 3.0},
                                     Published{"2x24k9-2x32k9-2x48k9", 16, 137, 6.1},
                                     Published{"1x36k9-1x48k9-1x72k9", 24, 145, 6.6},
                                     Published{"2x36k9-2x48k9-2x72k9", 24, 305, 13.4}}) {
    INFO(published.text);
    Conv1dOptions options;
    options.channels = published.channels;
    options.widths = {24, 32, 36, 48, 72};
    const auto space = make_conv1d(options, kSpeech);
    const NetworkPlan plan = *space->network(space->parse(published.text));
    const Cost counted = cost(plan, kSpeech.input);
    // Running means and variances are counted there.
    const int64_t variables = counted.parameters + 2 * batch_norm_channels(plan);
    CHECK(std::round(static_cast<double>(variables) / 1e3) == published.thousand_parameters);
    // A multiply-add is two operations there.
    CHECK(std::round(2 * static_cast<double>(counted.multiply_adds) / 1e5) / 10 ==
          published.million_operations);
  }
}

TEST_CASE("The stem spans all features and every stage halves the time") {
  const auto space = make_conv1d({}, kSpeech);
  const NetworkPlan plan = *space->network(space->parse("2x16k3-1x16k3-1x64k5"));
  const auto shape = shapes(plan, kSpeech.input);
  const auto shape_of = [&](const std::string& name) {
    for (size_t i = 0; i < plan.nodes.size(); ++i) {
      if (plan.nodes[i].name == name) return shape[i];
    }
    return Shape{};
  };
  CHECK(shape_of("stem.conv") == Shape{16, 1, 98});
  CHECK(shape_of("stages.0.0.relu2") == Shape{16, 1, 49});
  CHECK(shape_of("stages.0.1.relu2") == Shape{16, 1, 49});
  CHECK(shape_of("stages.2.0.relu2") == Shape{64, 1, 13});
}

TEST_CASE("A network along time reads and prints") {
  const auto space = make_conv1d({}, kSpeech);
  CHECK(count(space->choices()) == 40 * 40 * 40);
  const char* text = "1x24k9-2x32k3-1x48k7";
  CHECK(space->text(space->parse(text)) == text);
  CHECK_THROWS_WITH(space->parse("1x24k9-3x32k3-1x48k7"), ContainsSubstring("at character 8"));
  CHECK_THROWS_WITH(space->parse("1x24k9-2x32k4-1x48k7"), ContainsSubstring("one of 3, 5, 7, 9"));
  CHECK_THROWS_WITH(space->parse("1x24k9-2x32k3"), ContainsSubstring("'-'"));
  CHECK_THROWS_AS(space->parse("1x24k9-2x32k3-1x48k7k"), InputError);
  CHECK_THROWS_WITH(read_config_text("{kernels: [3, 4]}", "test", {},
                                     [](Section& section) {
                                       Conv1dOptions options;
                                       describe(section, options);
                                     }),
                    ContainsSubstring("found 4, expected odd numbers"));
}

TEST_CASE("Weights of every network along time are slices of the largest one's") {
  const auto space = make_conv1d({}, kSpeech);
  const NetworkPlan large = *space->network(space->parse("2x64k9-2x64k9-2x64k9"));
  RandomStream random(1, "test");
  for (int i = 0; i < 20; ++i) {
    const Point point = sample(space->choices(), random);
    INFO(space->text(point));
    CHECK(test::nesting_fault(*space->network(point), large).empty());
  }
}

}  // namespace
}  // namespace nas

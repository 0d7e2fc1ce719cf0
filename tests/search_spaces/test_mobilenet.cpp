#include <map>

#include "nas/config/yaml_reader.hpp"
#include "nas/core/error.hpp"
#include "nas/core/json.hpp"
#include "nas/plan/cost.hpp"
#include "nas/search/sampling.hpp"
#include "search_spaces/mobilenet.hpp"
#include "search_spaces/mobilenet_network.hpp"
#include "tests/support/catch.hpp"

namespace nas {
namespace {

constexpr TaskShape kImagenet{{3, 224, 224}, 1000};

std::unique_ptr<Space> space_of(const std::string& yaml, const TaskShape& task) {
  MobilenetOptions options;
  read_config_text("{" + yaml + "}", "test", {},
                   [&](Section& section) { describe(section, options); });
  return make_mobilenet(options, task);
}

Cost cost_of(const Space& space, std::string_view text) {
  return cost(*space.network(space.parse(text)), space.task().input);
}

/// Two stages, of one or two and of exactly one block.
constexpr auto kSmall =
    "stem: 8, first: 8, head: 32, features: 0, kernels: [3, 5], expansions: [2, 3],"
    " stages: [{channels: 8, depth: 2, least_depth: 1, squeeze_excite: true, activation: hard_swish"
    "}, {channels: 16, stride: 2, depth: 1, least_depth: 1}]";

/// The point of the last option, or of the first, of every choice.
Point extreme(const Space& space, bool largest) {
  Point point;
  for (const auto& choice : space.choices()) {
    const bool active = is_active(choice, point.values);
    if (active) {
      point.values.emplace_back(largest ? cardinality(choice) - 1 : 0);
    } else {
      point.values.emplace_back();
    }
  }
  return point;
}

TEST_CASE("MobileNetV3-Large has its published counts") {
  const auto space = space_of("expansions: [2.3, 2.5, 3, 4, 6]", kImagenet);
  const Cost counted = cost_of(*space,
                               "k3e4,k3e3:k5e3,k5e3,k5e3:k3e6,k3e2.5,k3e2.3,k3e2.3:k3e6,k3e6:"
                               "k5e6,k5e6,k5e6");
  // torchvision's 5,483,032 include biases of the 1280 features, which Cai et al. leave out.
  CHECK(counted.parameters == 5483032 - 1280);
  CHECK(counted.multiply_adds / 1'000'000 == 216);  // torchvision: 0.217 G
}

TEST_CASE("The networks that ProxylessNAS found have their published numbers of parameters") {
  const auto parameters = [](const std::string& stem, const std::vector<int64_t>& widths,
                             int64_t head, const char* text) {
    std::string stages;
    const std::vector<int64_t> strides{2, 2, 2, 1, 2, 1};
    for (size_t i = 0; i < widths.size(); ++i) {
      stages += "{channels: " + std::to_string(widths[i]) +
                ", stride: " + std::to_string(strides[i]) + ", depth: 4, least_depth: 1},";
    }
    const auto space = space_of(
        "preset: proxyless, " + stem + ", stages: [" + stages + "], head: " + std::to_string(head),
        kImagenet);
    return cost_of(*space, text).parameters;
  };
  CHECK(parameters("stem: 32, first: 16", {32, 40, 80, 96, 192, 320}, 1280,
                   "k5e3,k3e3:k7e3,k3e3,k5e3,k5e3:k7e6,k5e3,k5e3,k5e3:k5e6,k5e3,k5e3,k5e3:"
                   "k7e6,k7e6,k7e3,k7e3:k7e6") == 4080512);
  CHECK(parameters("stem: 40, first: 24", {32, 56, 112, 128, 256, 432}, 1728,
                   "k5e3:k7e3,k3e3:k7e6,k5e3:k5e6,k3e3,k5e3:k7e6,k7e6,k7e6,k5e6:k7e6") == 7119848);
  CHECK(parameters("stem: 40, first: 24", {32, 48, 88, 104, 216, 360}, 1432,
                   "k3e6,k3e3,k3e3,k3e3:k3e6,k3e3,k3e3,k5e3:k3e6,k3e3:k5e6,k3e3,k3e3,k3e3:"
                   "k5e6,k5e3,k5e3,k3e3:k5e6") == 4361648);
}

/// Parameters of once-for-all's networks whose blocks are all alike, summed up by hand.
int64_t uniform_parameters(int64_t depth, int64_t kernel, int64_t expansion) {
  const auto bottleneck = [](int64_t in, int64_t hidden, int64_t out, int64_t k, bool squeeze) {
    const int64_t squeezed = rounded_channels(static_cast<double>(hidden / 4));
    const int64_t gate = squeeze ? 2 * hidden * squeezed + hidden + squeezed : 0;
    const int64_t expand = hidden == in ? 0 : in * hidden + 2 * hidden;
    return expand + hidden * k * k + 2 * hidden + gate + hidden * out + 2 * out;
  };
  int64_t sum = 3 * 16 * 9 + 32 + bottleneck(16, 16, 16, 3, false);
  int64_t in = 16;
  const std::vector<std::pair<int64_t, bool>> stages{
      {24, false}, {40, true}, {80, false}, {112, true}, {160, true}};
  for (const auto& [width, squeeze] : stages) {
    for (int64_t i = 0; i < depth; ++i) {
      sum += bottleneck(in, in * expansion, width, kernel, squeeze);
      in = width;
    }
  }
  return sum + 160 * 960 + 2 * 960 + 960 * 1280 + 1280 * 1000 + 1000;
}

TEST_CASE("Once-for-all's largest and smallest networks have the parameters of a closed form") {
  const auto space = space_of("", kImagenet);
  const auto parameters = [&](bool largest) {
    return cost(*space->network(extreme(*space, largest)), kImagenet.input).parameters;
  };
  CHECK(parameters(true) == uniform_parameters(4, 7, 6));
  CHECK(parameters(false) == uniform_parameters(2, 3, 3));
}

TEST_CASE("Once-for-all's space has the published number of architectures") {
  // Cai et al. 2020, section 3.2: ((3 x 3)^2 + (3 x 3)^3 + (3 x 3)^4)^5, about 2 x 10^19.
  const auto one = space_of("stages: [{channels: 8}]", kImagenet);
  CHECK(count(one->choices()) == 81 + 729 + 6561);
  CHECK_FALSE(count(space_of("", kImagenet)->choices()));  // beyond 2^62
}

TEST_CASE("A smaller network has nodes of the largest one, none of them with more weights") {
  const auto space = space_of("widths: [0.5, 1], resolutions: [24, 32]", TaskShape{});
  std::map<std::string, Convolution> convolutions;
  std::map<std::string, size_t> kinds;
  const NetworkPlan largest_plan = *space->network(extreme(*space, true));
  for (const Node& node : largest_plan.nodes) {
    kinds[node.name] = node.layer.index();
    const auto* convolution = std::get_if<Convolution>(&node.layer);
    if (convolution != nullptr) convolutions[node.name] = *convolution;
  }
  for (uint64_t i = 0; i < 10; ++i) {
    RandomStream random(1, "test", i);
    const NetworkPlan plan = *space->network(sample(space->choices(), random));
    for (const Node& node : plan.nodes) {
      INFO(node.name);
      REQUIRE(kinds.at(node.name) == node.layer.index());
      const auto* own = std::get_if<Convolution>(&node.layer);
      if (own == nullptr) continue;
      const Convolution& largest = convolutions.at(node.name);
      CHECK(own->in_channels <= largest.in_channels);
      CHECK(own->out_channels <= largest.out_channels);
      CHECK(own->kernel.height <= largest.kernel.height);
      CHECK((own->groups == 1) == (largest.groups == 1));
    }
  }
}

TEST_CASE("Strides are dropped from the front until the map is as large as asked for") {
  const auto side = [](const std::string& options, int64_t size) {
    const TaskShape task{{3, size, size}, 10};
    const auto plan = *space_of(options, task)->network(extreme(*space_of(options, task), false));
    const auto shape = shapes(plan, task.input);
    for (size_t i = 0; i < plan.nodes.size(); ++i) {
      if (plan.nodes[i].name == "head.conv") return shape[i].height;
    }
    return int64_t{0};
  };
  CHECK(side("", 224) == 7);
  CHECK(side("", 32) == 4);
  CHECK(side("", 8) == 4);
  CHECK(side("halvings: 2", 32) == 8);
  CHECK(side("halvings: 0", 8) == 8);
  CHECK(side("halvings: 5", 32) == 1);
  CHECK(side("resolutions: [128, 160]", 32) == 4);  // strides are those of the largest resolution
}

TEST_CASE("Texts of the space read and print, and mistakes in them are named") {
  const auto space = space_of(std::string(kSmall) + ", widths: [0.5, 1], resolutions: [8, 16]",
                              TaskShape{{1, 8, 8}, 10});
  const auto text = "r16:w0.5:k3e2,k5e3:k5e2";
  CHECK(space->text(space->parse(text)) == text);
  CHECK(to_json(space->choices(), space->parse("r8:w1:k5e3:k3e3")).dump() ==
        R"({"resolution":"8","width":"1","stage_1.depth":"1","stage_1.block_1.kernel":"5",)"
        R"("stage_1.block_1.expansion":"3","stage_2.depth":"1","stage_2.block_1.kernel":"3",)"
        R"("stage_2.block_1.expansion":"3"})");
  CHECK_THROWS_WITH(space->parse("r16:w0.5:k3e2,k5e4:k5e2"), ContainsSubstring("'4:k5e2'"));
  CHECK_THROWS_WITH(space->parse("r16:w0.5:k3e2,k5e3,k5e3:k5e2"), ContainsSubstring("':'"));
  CHECK_THROWS_WITH(space->parse("r16:w0.5:k3e2"), ContainsSubstring("the end"));
  CHECK_THROWS_WITH(space->parse("k3e2:k5e2"), ContainsSubstring("'r'"));
  const auto deep = space_of("stages: [{channels: 8}]", TaskShape{});
  CHECK_THROWS_WITH(deep->parse("k3e4"), ContainsSubstring("stage 1 has at least 2"));
}

TEST_CASE("The supernet's likeliest options are derived, and blocks behind a skip move up") {
  const auto space = space_of(
      "kernels: [3, 5], expansions: [2, 3], stages: [{channels: 8, depth: 3, least_depth: 1}]",
      TaskShape{});
  const auto supernet = space->supernet();
  REQUIRE(supernet->groups.size() == 2);
  CHECK(supernet->groups[0].options == std::vector<std::string>{"k3e2", "k3e3", "k5e2", "k5e3"});
  CHECK(supernet->groups[1].options.back() == "skip_connect");
  CHECK(supernet->groups[1].rows == 2);
  const ArchitectureWeights weights{{0, 1, 0, 0}, {0, 0, 0, 0, 1, 0, 0, 1, 0, 0}};
  CHECK(space->text(space->derive(weights)) == "k3e3,k5e2");
}

TEST_CASE("Options that do not fit are mistakes of the configuration") {
  const auto mistake = [](const std::string& yaml) {
    try {
      space_of(yaml, TaskShape{});
    } catch (const ConfigError& error) {
      return std::string(error.what());
    }
    return std::string("none");
  };
  CHECK_THAT(mistake("kernels: [3, 4]"), ContainsSubstring("found '4', expected an odd number"));
  CHECK_THAT(mistake("kernels: [5, 3]"), ContainsSubstring("found 3 after 5"));
  CHECK_THAT(mistake("expansions: []"), ContainsSubstring("expected at least one"));
  CHECK_THAT(mistake("stages: [{depth: 1}]"), ContainsSubstring("at most the depth of 1"));
  CHECK_THAT(mistake("stages: [{activation: gelu}]"), ContainsSubstring("gelu"));
}

}  // namespace
}  // namespace nas
